# Builds feryat for use beside a ClickHouse server (see compose.yaml): no
# embedded engine inside, so neither npm nor the engine's library.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /feryat ./cmd/feryat

FROM debian:12-slim
RUN useradd --system --create-home feryat && mkdir /data && chown feryat /data
COPY --from=build /feryat /feryat
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
USER feryat
VOLUME /data
ENV FERYAT_DATA_DIR=/data
ENTRYPOINT ["/feryat"]
CMD ["serve", "--config", "/etc/feryat/feryat.yaml"]
