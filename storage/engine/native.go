package engine

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

// reencode turns Native blocks as libchdb writes them (those of files, revision 0) into blocks of the network protocol's
// revision, which have a preamble and a byte more a column.
func reencode(chunk []byte, revision uint64) ([]byte, error) {
	reader := chproto.NewReader(bytes.NewReader(chunk))
	out := new(chproto.Buffer)
	for {
		// Without a time zone, columns of type DateTime make the decoder panic.
		block := &proto.Block{ServerContext: &column.ServerContext{Timezone: time.UTC}}
		err := block.Decode(reader, 0)
		if errors.Is(err, io.EOF) {
			return out.Buf, nil
		}
		if err != nil {
			return nil, fmt.Errorf("decode a Native block: %w", err)
		}
		if err := encode(out, block, revision); err != nil {
			return nil, err
		}
	}
}

func encode(out *chproto.Buffer, block *proto.Block, revision uint64) error {
	if block.Rows() > 0 {
		if err := block.Encode(out, revision); err != nil {
			return fmt.Errorf("encode a Native block: %w", err)
		}
		return nil
	}
	// A block without rows has no column data at all, not even the prefix that Encode would write.
	if err := block.EncodeHeader(out, revision); err != nil {
		return fmt.Errorf("encode a Native header: %w", err)
	}
	for _, c := range block.Columns {
		out.PutString(c.Name())
		out.PutString(string(c.Type()))
		if revision >= proto.DBMS_MIN_REVISION_WITH_CUSTOM_SERIALIZATION {
			out.PutBool(false)
		}
	}
	return nil
}
