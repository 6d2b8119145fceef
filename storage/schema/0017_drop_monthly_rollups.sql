-- They were partitioned by month; a partition is what a rebuild replaces, and a year of them is quicker than twelve.
DROP TABLE IF EXISTS rollup_day, rollup_day_staging, rollup_topic, rollup_topic_staging{{.OnCluster}}
