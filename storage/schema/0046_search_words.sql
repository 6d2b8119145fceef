-- optional: a server without text indexes reads the column instead
-- The first index parted words at spaces alone, so that "gelmedi," was not found by "gelmedi".
-- Parts from before are read as a whole until they are merged.
ALTER TABLE mentions{{.OnCluster}}
    DROP INDEX IF EXISTS search_text,
    ADD INDEX IF NOT EXISTS search_words search TYPE text(tokenizer = splitByString([' ', ',', '.', '!', '?', ':', ';', '"', '\'', '(', ')', '[', ']', '{', '}', '<', '>',
        '/', '\\', '|', '-', '_', '+', '=', '*', '&', '%', '#', '@', '~', '^', '$', '…', '–', '—', '“', '”', '‘', '’', '«', '»', '،', '؛', '؟', '٪', '·', '•']))
