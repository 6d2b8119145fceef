-- optional: a server without text indexes reads the column instead
-- A search that uses it: … WHERE id IN (SELECT id FROM mentions WHERE hasAllTokens(search, 'kargo gelmedi')).
ALTER TABLE mentions{{.OnCluster}} ADD INDEX IF NOT EXISTS search_text search TYPE text(tokenizer = splitByString([' ']))
