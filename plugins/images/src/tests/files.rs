//! Files by their path: in a sandbox those that were granted, here any.

use locum_guest::{Bytes, Proxy, args};

use super::*;

/// A directory of this test's own, that goes with it.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("locum-images-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_picture_is_saved_in_the_format_of_its_name_and_opened_again() {
    run(|images| {
        let folder = Folder::new("saved");
        let picture = image_of(images, &gradient(20, 10))?;
        for (name, format) in [("a.png", "png"), ("a.JPG", "jpeg"), ("a.webp", "webp")] {
            let path = folder.path(name);
            picture.call::<()>("save", (&path,))?;
            let info: std::collections::BTreeMap<String, locum_guest::Value> =
                images.call("info", (Bytes::from(std::fs::read(&path)?),))?;
            assert_eq!(info["format"], locum_guest::Value::from(format));
            let back: Proxy = images.call("open", (path,))?;
            assert_eq!(size(&back)?, (20, 10));
        }
        let path = folder.path("b.data");
        picture.call::<()>("save", args!(&path, format = "png"))?;
        assert!(images.call::<Proxy>("open", (path,))?.eq(&picture)?);
        Ok(())
    });
}

#[test]
fn a_path_that_does_not_work_is_named_with_what_would_help() {
    run(|images| {
        let folder = Folder::new("missing");
        let path = folder.path("none.png");
        let error = fails(images, "open", (&path,));
        assert_eq!(error.type_name(), "FileNotFoundError");
        assert_eq!(
            error.message(),
            format!(
                "cannot read {path:?}: there is no such file here; a plugin sees only the files that it was granted \
                 (Grants::dir and Grants::file, --allow-dir and --allow-file)"
            )
        );
        let picture = image_of(images, &gradient(2, 2))?;
        let nowhere = folder.path("no/such/folder.png");
        let error = fails(&picture, "save", (nowhere,));
        assert!(error.message().starts_with("cannot write "), "{error}");
        assert_eq!(
            says(&picture, "save", ("picture",)),
            "ValueError: \"picture\" does not end in a format: write .png, .jpg or .webp, or pass format=\"png\""
        );
        assert!(says(&picture, "save", ("picture.gif",)).contains("there is no format \"gif\""));
        let text = folder.path("text.png");
        std::fs::write(&text, "hello")?;
        let said = says(images, "open", (&text,));
        assert!(
            said.starts_with(&format!("ImageError: {text:?}: these 5 bytes begin like")),
            "{said}"
        );
        Ok(())
    });
}
