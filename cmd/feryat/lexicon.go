package main

import (
	"github.com/spf13/cobra"
)

func (a *app) lexiconCommand() *cobra.Command {
	return group(&cobra.Command{Use: "lexicon", Short: "Teach and check the words that the scorer knows"}, a.learnCommand(), a.lintCommand())
}
