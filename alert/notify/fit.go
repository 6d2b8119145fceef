package notify

// fit leaves out, the least needed first, until size is at most limit. What is
// left at the end is short by the bounds of its parts. All of it stands on the
// page that the message links to.
func (r renderer) fit(d document, limit int, size func(document) int) document {
	for _, leaner := range []func(document) document{
		func(d document) document { return d.withAdvice(3) },
		func(d document) document { return r.withItems(d, 10) },
		func(d document) document { return d.withQuotes(2) },
		func(d document) document { return d.withAdvice(0) },
		r.withoutDraft,
		func(d document) document { return r.withItems(d, 5) },
		func(d document) document { return d.withQuotes(1) },
		func(d document) document { d.Links = nil; return d },
	} {
		if size(d) <= limit {
			return d
		}
		d = leaner(d)
	}
	return d
}

func (d document) withAdvice(n int) document {
	d.Advice.Lines = d.Advice.Lines[:min(len(d.Advice.Lines), n)]
	return d
}

func (d document) withQuotes(n int) document {
	d.Quotes.Lines = d.Quotes.Lines[:min(len(d.Quotes.Lines), n)]
	return d
}

// withoutDraft says that there is one: a part of a reply must not be sent.
func (r renderer) withoutDraft(d document) document {
	if len(d.Draft.Lines) > 0 {
		d.Draft.Lines = []string{r.t("msg.draft_cut")}
	}
	return d
}

// withItems keeps the first n items and counts the others.
func (r renderer) withItems(d document, n int) document {
	d.Items = d.Items[:min(len(d.Items), n)]
	if left := d.Total - len(d.Items); left > 0 {
		d.Rest = r.t("msg.more", r.n(int64(left)))
	}
	return d
}
