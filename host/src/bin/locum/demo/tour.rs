//! What the tour shows. The transcripts of lists, of a list within a list and of dicts are those of the page on proxy
//! objects of Python's `processing`, from which `multiprocessing` came.

/// Steps that belong together.
pub(super) struct Section {
    pub(super) heading: &'static str,
    pub(super) text: &'static str,
    pub(super) steps: &'static [&'static str],
    /// Whether its steps may raise, because errors are what they show.
    pub(super) raises: bool,
}

pub(super) const WELCOME: &str = "\
The plugin `collections` is a WebAssembly component with a memory of its own. It sees no file, no network and no
memory of this program. What follows is evaluated now, line by line, as `locum eval` would.
";

pub(super) const SECTIONS: &[Section] = &[
    Section {
        heading: "A list in the sandbox",
        text: "The list lives in the plugin; `l` is a proxy to it. `str` shows the list, `repr` the proxy.",
        steps: &[
            "l = collections.list([i*i for i in range(10)])",
            "print(l)",
            "print(repr(l))",
        ],
        raises: false,
    },
    Section {
        heading: "Items, slices, equality",
        text: "Each is one call into the sandbox. Plain data comes back as a copy.",
        steps: &["l[4]", "l[2:5]", "l == [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]", "49 in l, len(l), sum(l)"],
        raises: false,
    },
    Section {
        heading: "A list within a list",
        text: "A proxy that is sent home becomes the object itself: `a` contains `b`, and sees it change.",
        steps: &[
            "a = collections.list()",
            "b = collections.list()",
            "a.append(b)",
            "print(a, b)",
            "b.append('hello')",
            "print(a, b)",
        ],
        raises: false,
    },
    Section {
        heading: "Several proxies, one object",
        text: "What comes back from a list is the object that was put in, not a copy of it.",
        steps: &["again = a[0]", "again is b", "again.append('world')", "b[:]"],
        raises: false,
    },
    Section {
        heading: "A dict, and going through it",
        text: "Lists and dicts can be iterated over; items come in chunks, not one crossing each.",
        steps: &[
            "d = collections.dict([(i*i, i) for i in range(10)])",
            "for key in d: print('<' + str(key) + ',' + str(d[key]) + '>', end=' ')",
            "d.get(17, 'nothing'), d.pop(81), len(d)",
        ],
        raises: false,
    },
    Section {
        heading: "An iterator by proxy",
        text: "An iterator is an object too: it lives in the plugin, and goes on where it was.",
        steps: &["it = l.__iter__()", "it", "next(it), next(it), next(it)", "list(it)"],
        raises: false,
    },
    Section {
        heading: "Methods, keywords, operators",
        text: "Arguments by place or by name, defaults where they are left out.",
        steps: &[
            "l.sort(reverse=True)",
            "l[:3]",
            "l.pop(index=0)",
            "l += [7, 7]",
            "l.count(7), l.index(64), l + ['more'] > [64]",
        ],
        raises: false,
    },
    Section {
        heading: "A namespace",
        text: "Attributes can be read and set.",
        steps: &["n = collections.Namespace(x=10)", "n.y = 'hello'", "n.x + len(n.y)", "print(n)"],
        raises: false,
    },
    Section {
        heading: "Objects of the host",
        text: "\
It goes both ways. In Rust, `upper` is `callback(|text: String| text.to_uppercase())`, and `numbers` an iterator:
a plugin can keep them, go through them, and give them back.",
        steps: &[
            "tools = collections.dict(upper=upper)",
            "tools['upper']('back home')",
            "tools['upper'] is upper",
            "collections.list(numbers)[:]",
        ],
        raises: false,
    },
    Section {
        heading: "Data that is left in the plugin",
        text: "`transfer` (in Rust, `plugin.transfer(&value)`) leaves a copy there and gives a proxy to it.",
        steps: &["t = transfer({'name': 'locum', 'sizes': [3, 1, 2]})", "t", "t['sizes'][1:]"],
        raises: false,
    },
    Section {
        heading: "Errors say what happened",
        text: "An error over there is an error here, with its place; a plugin that fails takes nothing else with it.",
        steps: &["l[20]", "l.apend(1)", "l.pop('first')"],
        raises: true,
    },
];

pub(super) const RELEASED: (&str, &str) = (
    "Letting go",
    "A proxy that is dropped gives its handle back, and the object goes when nobody holds it any more.",
);

pub(super) const FIGURES: (&str, &str) = (
    "What it costs",
    "Measured now, on this machine; calls as the median of 20 batches, with everything that a call does.",
);

/// Arguments for this program, and what they show.
pub(super) const NEXT: &[(&str, &str)] = &[
    (
        "eval 'x = collections.list([3, 1, 2]); x.sort(); x[:]'",
        "a list of your own",
    ),
    (
        "eval 'd = collections.deque(range(9), maxlen=3)' 'd.rotate(1)' 'print(d)'",
        "several expressions",
    ),
    (
        "eval 'for i in range(3): print(i, collections.list(range(i)))'",
        "a loop",
    ),
    (
        "eval --json '{\"squares\": [i*i for i in range(4)]}'",
        "for other programs",
    ),
    ("inspect", "everything that the plugin offers"),
];
