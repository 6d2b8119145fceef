package schemaorg

import "strings"

// microformat reads the classes of h-review (microformats2) and of the older
// hReview as what they say in schema.org's terms.
func microformat(class string, outer *Node) (itemType string, names []string) {
	inside := outer != nil && outer.is("h-review")
	card := outer != nil && outer.is("h-card")
	for c := range strings.FieldsSeq(class) {
		switch c {
		case "h-review", "hreview":
			itemType = "review h-review"
		case "h-card", "vcard":
			if inside {
				itemType = "person h-card"
			}
		case "h-item", "h-product":
			if inside {
				itemType = "product h-card"
			}
		}
		switch {
		case inside:
			if n := reviewClass(c); n != "" {
				names = append(names, n)
			}
		case card && (c == "p-name" || c == "fn"):
			names = append(names, "name")
		case card && (c == "u-url" || c == "url"):
			names = append(names, "url")
		}
	}
	return itemType, names
}

func reviewClass(c string) string {
	switch c {
	case "p-name", "summary":
		return "name"
	case "e-content", "p-content", "description":
		return "reviewbody"
	case "p-rating", "rating":
		return "reviewrating"
	case "p-author", "reviewer":
		return "author"
	case "dt-published", "dtreviewed":
		return "datepublished"
	case "dt-updated":
		return "datemodified"
	case "p-item", "item":
		return "itemreviewed"
	case "u-url":
		return "url"
	case "u-uid":
		return "identifier"
	}
	return ""
}
