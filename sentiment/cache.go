package sentiment

// maxCached is how many words a reader remembers of a language. Nine words of
// ten in a text are among a few thousand, and reading one afresh (stems, endings)
// costs several times as much as all else that is done with it.
const maxCached = 8192

// maxCachedWord is the length in bytes of the longest word remembered.
const maxCachedWord = 48

// cache remembers how words are read.
type cache struct {
	spans    map[string]span
	readings []Reading
}

// span is where a word's readings lie in the cache.
type span struct {
	lo, hi    int32
	stretched bool
}

// readCached adds the readings of the folded word in r.fold, and reports whether
// its letters were stretched.
func (r *reader) readCached(x *lexicon) (stretched bool) {
	c := r.caches[x]
	if c == nil {
		if r.caches == nil {
			r.caches = map[*lexicon]*cache{}
		}
		c = &cache{spans: map[string]span{}}
		r.caches[x] = c
	}
	if s, ok := c.spans[string(r.fold)]; ok {
		r.readings = append(r.readings, c.readings[s.lo:s.hi]...)
		return s.stretched
	}
	from := len(r.readings)
	stretched = r.readWord(x)
	if len(r.fold) > maxCachedWord {
		return stretched
	}
	if len(c.spans) >= maxCached {
		clear(c.spans)
		c.readings = c.readings[:0]
	}
	lo := int32(len(c.readings))
	c.readings = append(c.readings, r.readings[from:]...)
	c.spans[string(r.fold)] = span{lo, int32(len(c.readings)), stretched}
	return stretched
}
