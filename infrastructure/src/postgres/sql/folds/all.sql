SELECT projection, fold_version, wanted
FROM projection_folds
