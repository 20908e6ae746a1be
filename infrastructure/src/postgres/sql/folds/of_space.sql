-- What a space was built with, where that is not what holds for all; and whether there is anything in it.
SELECT (SELECT folds FROM space_folds WHERE space_id = $1) AS folds,
    EXISTS (SELECT FROM heads WHERE space_id = $1 AND position > 0) AS filled
