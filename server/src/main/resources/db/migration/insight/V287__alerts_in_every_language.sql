-- What an alert says, as a key and what goes into it; alerts of before keep their English sentence.
alter table insight.alert add column says text;
