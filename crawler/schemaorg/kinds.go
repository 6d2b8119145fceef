package schemaorg

import "feryat/mention"

// kindOf tells what sort of statement n is; "" when it is none. A thing without
// a type is what the property that led to it says.
func kindOf(n *Node, prop string) mention.Kind {
	switch {
	case n.is("review", "userreview", "employerreview"):
		return mention.KindReview
	case n.is("comment", "usercomments", "correctioncomment", "answer"):
		return mention.KindComment
	case n.is("discussionforumposting", "socialmediaposting"):
		return mention.KindPost
	case n.is("question"):
		return mention.KindQuestion
	case len(n.types) > 0 && !n.is("thing", "creativework"):
		return ""
	case prop == "review" || prop == "reviews":
		return mention.KindReview
	case answers(prop):
		return mention.KindComment
	}
	return ""
}

// ignored tells what is never walked into: sums of ratings, and texts that are
// no customer's: of critics, fact checkers, and a site's own list of questions.
func ignored(n *Node) bool {
	return n.is("aggregaterating", "employeraggregaterating", "review-aggregate", "aggregateoffer", "criticreview",
		"reviewnewsarticle", "claimreview", "mediareview", "faqpage", "howto", "breadcrumblist")
}

// answers tells the properties under which answers to a statement stand.
func answers(prop string) bool {
	switch prop {
	case "comment", "comments", "reply", "replies", "suggestedanswer", "acceptedanswer", "answer":
		return true
	}
	return ownerAnswer(prop)
}

// ownerAnswer tells those under which the owner answers. None is schema.org's;
// shops and stores have made them up.
func ownerAnswer(prop string) bool {
	switch prop {
	case "publisherresponse", "ownerresponse", "businessresponse", "developerresponse", "merchantresponse", "sellerresponse",
		"storeresponse", "merchantreply", "ownerreply", "storereply", "sellerreply", "businessreply", "response", "reviewreply":
		return true
	}
	return false
}

// isItem tells what can be spoken of from the frames around it: a page, a list,
// an offer.
func isItem(n *Node) bool {
	if n.is("webpage", "itempage", "collectionpage", "profilepage", "qapage", "aboutpage", "website", "itemlist", "listitem",
		"searchaction", "offer", "rating", "person", "imageobject", "interactioncounter", "breadcrumb", "language", "country",
		"postaladdress", "geocoordinates", "openinghoursspecification", "propertyvalue", "quantitativevalue", "sitenavigationelement",
		"wpheader", "wpfooter", "wpsidebar", "webpageelement", "blog", "article", "newsarticle", "blogposting") {
		return false
	}
	return n.string("name") != ""
}

// reviewable tells the item of a page from its furniture.
func reviewable(n *Node) bool {
	return isItem(n) && len(n.types) > 0 && !n.is("brand", "organization", "corporation", "onlinestore", "onlinebusiness", "itemlist", "review", "comment", "answer",
		"question", "discussionforumposting", "socialmediaposting", "userreview", "employerreview")
}

func organization(n *Node) bool {
	return n.is("organization", "brand", "corporation", "localbusiness", "store", "onlinestore", "onlinebusiness", "newsmediaorganization")
}

// itemAbove is the item around n on the page, where no property ties the two.
func itemAbove(n *Node) *Node {
	for outer := n.outer; outer != nil; outer = outer.outer {
		if isItem(outer) {
			return outer
		}
	}
	return nil
}
