package sentiment

// addCurse keeps a curse for masked ones to be compared with.
func (x *lexicon) addCurse(entry string) { x.curses = append(x.curses, entry) }
