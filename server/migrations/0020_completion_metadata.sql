-- What the vendor told of a completion, as conditions read it: by this it can be decided anew.
alter table completion add column metadata text;
