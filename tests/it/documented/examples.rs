//! The examples of a doc comment, and of a page.

/// A fenced block: what stands behind its fence, and what is in it.
struct Block {
    info: String,
    code: String,
}

/// Words behind a fence with which rustdoc runs the block.
const RUNS: [&str; 4] = ["rust", "should_panic", "edition2024", "standalone_crate"];
/// Words with which it only compiles it, or does not even do that.
const DOES_NOT_RUN: [&str; 2] = ["no_run", "ignore"];

fn blocks(docs: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<(String, Block)> = None;
    for line in docs.lines() {
        let text = line.trim();
        match open.take() {
            None => {
                let ticks = text.chars().take_while(|letter| *letter == '`').count();
                if ticks >= 3 {
                    let info = text[ticks..].trim().to_owned();
                    let code = String::new();
                    open = Some(("`".repeat(ticks), Block { info, code }));
                }
            }
            Some((fence, block)) if text == fence => blocks.push(block),
            Some((fence, mut block)) => {
                block.code.push_str(line);
                block.code.push('\n');
                open = Some((fence, block));
            }
        }
    }
    blocks
}

fn words(info: &str) -> impl Iterator<Item = &str> {
    info.split([',', ' ']).filter(|word| !word.is_empty())
}

/// The examples that rustdoc runs.
pub(crate) fn run_of(docs: &str) -> Vec<String> {
    let all = blocks(docs).into_iter();
    let run = all.filter(|block| words(&block.info).all(|word| RUNS.contains(&word)));
    run.map(|block| block.code).collect()
}

/// What stands behind the fences of Rust code that rustdoc does not run.
pub(crate) fn not_run(docs: &str) -> Vec<String> {
    let all = blocks(docs).into_iter();
    let not_run = all.filter(|block| words(&block.info).any(|word| DOES_NOT_RUN.contains(&word)));
    not_run.map(|block| block.info).collect()
}
