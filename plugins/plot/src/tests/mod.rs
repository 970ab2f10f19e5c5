mod gallery;
