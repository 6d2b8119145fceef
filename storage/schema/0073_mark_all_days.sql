-- Mentions in brief and authors are new and empty: every day is rebuilt from the mentions.
INSERT INTO dirty_days SELECT DISTINCT day, 1, 0, now64(9) FROM mentions
