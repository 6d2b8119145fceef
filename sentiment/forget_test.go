package sentiment

// Forgetful is the scorer without what it remembers of words.
func Forgetful(s *Scorer) *Scorer {
	out := &Scorer{lexicons: s.lexicons, branded: s.branded, faces: s.faces, version: s.version}
	out.readers.New = func() any { return &reader{memory: newMemory()} }
	return out
}
