package pipeline

import (
	"cmp"
	"context"
	"slices"
	"time"

	"feryat/mention"
)

// maxCustomers is how many customers may have spoken before a reply that names
// nobody: a thread of more is a place where many meet (all opinions on a
// product), and nothing tells whom it answers.
const maxCustomers = 20

// thread is where a source shows what belongs together.
type thread struct{ source, id string }

func threadOf(m mention.Mention) thread { return thread{m.Source, m.ThreadID} }

// loose is a reply of the brand that its source ties to a thread alone.
func loose(m mention.Mention) bool {
	return m.Author.Own && m.ParentID == "" && m.ThreadID != "" && !m.Gone
}

// tie gives loose replies among rows their parent, where the thread leaves no
// doubt, and answers their threads. What everything else goes by (clocks, rules
// that wait, replays, histories) is the parent: so they all agree. See decision 17.
func (p *Pipeline) tie(ctx context.Context, rows []mention.Scored) (map[thread][]mention.Scored, error) {
	threads, err := p.threads(ctx, rows)
	if err != nil || len(threads) == 0 {
		return nil, err
	}
	for i := range rows {
		if m := &rows[i].Mention; loose(*m) {
			said := threads[threadOf(*m)]
			m.ParentID = parentOf(*m, said, p.judge.matcher.Match(mention.Mention{Product: m.Product, About: m.About}))
		}
	}
	return threads, nil
}

// spokenOf lists the brands that customers spoke of in a thread before a reply.
func spokenOf(said []mention.Scored, reply mention.Mention) (brands []string) {
	for _, r := range said {
		at := r.Mention.Written.Time
		if r.Brand != "" && !r.Mention.Author.Own && !at.IsZero() && !at.After(reply.Written.Time) && !slices.Contains(brands, r.Brand) {
			brands = append(brands, r.Brand)
		}
	}
	slices.Sort(brands)
	return brands
}

// threads are those of loose replies: what is stored of them and what rows say.
func (p *Pipeline) threads(ctx context.Context, rows []mention.Scored) (map[thread][]mention.Scored, error) {
	wanted, ids, until := map[thread][]mention.Scored{}, map[string][]string{}, time.Time{}
	for _, r := range rows {
		t := threadOf(r.Mention)
		if _, asked := wanted[t]; !loose(r.Mention) || asked {
			continue
		}
		wanted[t], ids[t.source] = nil, append(ids[t.source], t.id)
	}
	here := map[mention.ID]bool{}
	for _, r := range rows {
		here[r.Mention.ID] = true
		if _, asked := wanted[threadOf(r.Mention)]; asked && r.Mention.Written.Time.After(until) {
			until = r.Mention.Written.Time
		}
	}
	for source, list := range ids {
		stored, err := p.archive.Threads(ctx, source, list, until)
		if err != nil {
			return nil, err
		}
		for _, r := range stored {
			if t := threadOf(r.Mention); !here[r.Mention.ID] {
				wanted[t] = append(wanted[t], r)
			}
		}
	}
	for _, r := range rows {
		if t := threadOf(r.Mention); !r.Mention.Gone {
			if _, asked := wanted[t]; asked {
				wanted[t] = append(wanted[t], r)
			}
		}
	}
	return wanted, nil
}

// parentOf is the mention of a thread that a loose reply answers: of the customer
// whom it names, else of the one who had the word. named are the brands that
// the thread itself names, by its title or its configuration: of these every post is
// stored, of others only those that name them, and who spoke last is not known.
func parentOf(reply mention.Mention, said []mention.Scored, named []string) mention.ID {
	before := slices.DeleteFunc(slices.Clone(said), func(r mention.Scored) bool {
		at := r.Mention.Written.Time
		return r.Mention.ID == reply.ID || at.IsZero() || at.After(reply.Written.Time)
	})
	slices.SortStableFunc(before, func(a, b mention.Scored) int {
		if c := a.Mention.Written.Time.Compare(b.Mention.Written.Time); c != 0 {
			return c
		}
		return cmp.Compare(a.Mention.ID, b.Mention.ID)
	})
	customers := slices.DeleteFunc(slices.Clone(before), func(r mention.Scored) bool { return r.Mention.Author.Own })
	if len(customers) == 0 {
		return ""
	}
	a := addressees(reply, customers)
	if len(a.whom) == 1 {
		return newestBy(customers, a.whom[0])
	}
	everybody := authorsOf(customers)
	if len(a.whom) > 1 || a.somebody || a.title && len(everybody) > 1 || len(everybody) > maxCustomers || !talk(reply, before, named) {
		return ""
	}
	return turn(of(named, before), of(named, customers))
}

// of leaves out how brands that the thread does not name see it.
func of(named []string, rows []mention.Scored) []mention.Scored {
	return slices.DeleteFunc(slices.Clone(rows), func(r mention.Scored) bool { return !slices.Contains(named, r.Brand) })
}

// talk reports whether the thread is a conversation whose order is known: posts
// that answer each other, all of brands that the thread names, timed to the minute.
func talk(reply mention.Mention, before []mention.Scored, named []string) bool {
	if reply.SourceKind == "site" || !exact(reply) { // the thread of a site is a page
		return false
	}
	ours := map[mention.ID]bool{}
	for _, r := range of(named, before) {
		ours[r.Mention.ID] = true
	}
	return !slices.ContainsFunc(before, func(r mention.Scored) bool {
		k := r.Mention.Kind
		return k == mention.KindReview || k == mention.KindRating || !ours[r.Mention.ID] || !exact(r.Mention)
	})
}

func exact(m mention.Mention) bool {
	return (m.Written.Precision == mention.PrecisionSecond || m.Written.Precision == mention.PrecisionMinute) && !m.Written.Clamped
}

// turn is the complaint of the customer who spoke last. If he does not complain,
// it is the opening one, provided that nobody else complained and the brand had said nothing.
func turn(before, customers []mention.Scored) mention.ID {
	last := customers[len(customers)-1].Mention.Author
	if id := newestComplaint(customers, last); id != "" {
		return id
	}
	opening := customers[0]
	answered := len(before) > len(customers)
	others := slices.ContainsFunc(customers, func(r mention.Scored) bool {
		return r.Verdict.Mood.Unhappy() && r.Mention.Author.Key() != opening.Mention.Author.Key()
	})
	if answered || others || !opening.Verdict.Mood.Unhappy() {
		return ""
	}
	return newestComplaint(customers, opening.Mention.Author)
}

// newestBy is his newest complaint, else the newest of all he said.
func newestBy(customers []mention.Scored, a mention.Author) mention.ID {
	if id := newestComplaint(customers, a); id != "" {
		return id
	}
	for _, r := range slices.Backward(customers) {
		if r.Mention.Author.Key() == a.Key() {
			return r.Mention.ID
		}
	}
	return ""
}

func newestComplaint(customers []mention.Scored, a mention.Author) mention.ID {
	for _, r := range slices.Backward(customers) {
		if r.Verdict.Mood.Unhappy() && r.Mention.Author.Key() == a.Key() {
			return r.Mention.ID
		}
	}
	return ""
}

// authorsOf lists who spoke, each once.
func authorsOf(rows []mention.Scored) (authors []mention.Author) {
	for _, r := range rows {
		if !slices.ContainsFunc(authors, func(a mention.Author) bool { return a.Key() == r.Mention.Author.Key() }) {
			authors = append(authors, r.Mention.Author)
		}
	}
	return authors
}
