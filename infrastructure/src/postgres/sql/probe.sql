-- Nothing: whether the database answers is the answer.
select 1 as here
