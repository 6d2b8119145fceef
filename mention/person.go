package mention

import "slices"

// Person is who is to be forgotten, and what finds him where his name does not stand.
type Person struct {
	// Author is met by whoever has its ID or its Name; an empty one counts for
	// nothing.
	Author Author
	Source string // where he writes; empty means everywhere
	// What is stored of him; Mentions are sorted.
	Mentions []ID
	URLs     []string
	Texts    []string
}

// Is reports whether an author of a source is the person.
func (p Person) Is(a Author, source string) bool {
	return (p.Source == "" || p.Source == source) &&
		(p.Author.ID != "" && p.Author.ID == a.ID || p.Author.Name != "" && p.Author.Name == a.Name)
}

// Wrote reports whether m is by the person, whoever it says that wrote it now.
func (p Person) Wrote(m Mention) bool {
	return p.Is(m.Author, m.Source) || p.said(m.ID)
}

// Concerns reports whether an escalation is about the person.
func (p Person) Concerns(e Escalation) bool {
	return p.Is(e.Author, e.Source) || p.said(e.Mention)
}

func (p Person) said(id ID) bool {
	_, found := slices.BinarySearch(p.Mentions, id)
	return found && id != ""
}
