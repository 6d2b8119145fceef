package sentiment

import (
	"errors"
)

// load adds the records of one data file.
func (x *lexicon) load(name string, records []record) error {
	var errs []error
	for _, r := range records {
		errs = append(errs, x.loadRecord(name, r))
	}
	return errors.Join(errs...)
}

func (x *lexicon) loadRecord(name string, r record) error {
	var err error
	switch name {
	case "stopwords.txt":
		x.words.stop[x.words.add(r.col(0))] = true
	case "numbers.txt":
		x.numbers[x.words.add(r.col(0))] = true
	case "particles.txt":
		x.particles = append(x.particles, x.words.add(r.col(0)))
	case "lexicon.tsv":
		err = x.loadWeight(r)
	case "emoji.tsv":
		if p := x.at(r.col(0)); !p.lex {
			err = x.loadWeight(r)
		}
	case "negators.tsv":
		p := x.at(r.col(0))
		reach, bad := r.number(2, 1, 8, 3)
		p.negator, p.reach, err = sideOf(r.col(1)), int(reach), bad
	case "boosters.tsv":
		p := x.at(r.col(0))
		p.booster = sideOf(r.col(2))
		p.factor, err = r.number(1, 0.1, 3, 1)
	case "contrasts.tsv":
		p := x.at(r.col(0))
		p.contrast = true
		p.earlier, err = r.number(1, 0.1, 3, 1)
		if err == nil {
			p.later, err = r.number(2, 0.1, 3, 1)
		}
	case "frames.tsv":
		err = x.loadFrame(r)
	case "switches.tsv":
		err = x.loadRole(r)
	case "topics.tsv", "signals.tsv", "customers.tsv", "blamed.tsv":
		err = x.loadLabel(name, r)
	}
	return err
}

func sideOf(s string) side {
	if s == "after" {
		return after
	}
	return before
}

func (x *lexicon) loadWeight(r record) error {
	weight, err := r.number(1, -4, 4, 0)
	if err != nil {
		return err
	}
	anger, err := r.number(2, 0, 1, 0)
	if err != nil {
		return err
	}
	p := x.at(r.col(0))
	p.lex, p.weight, p.anger = true, weight, anger
	switch r.col(3) {
	case "curse":
		p.labels = append(p.labels, harshLanguage())
		x.addCurse(r.col(0))
	case "applause":
		p.thanks, p.applause = true, true
	case "thanks":
		p.thanks = true
	case "adj":
		p.adjective = true
	}
	return nil
}

func (x *lexicon) loadLabel(name string, r record) error {
	l, err := x.labelOf(name, r)
	if err != nil {
		return err
	}
	p := x.at(r.col(1))
	p.labels = append(p.labels, l)
	return nil
}
