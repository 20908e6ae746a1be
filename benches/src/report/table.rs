//! A Markdown table whose columns stand under each other.

/// Head and rows as lines.
pub(crate) fn table<const N: usize>(head: &[&str; N], rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([head[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let rule: [String; N] = std::array::from_fn(|column| "-".repeat(widths[column]));
    let head: [String; N] = head.map(str::to_owned);
    [&head, &rule].into_iter().chain(rows).map(|row| line(row, &widths)).collect()
}

fn line<const N: usize>(cells: &[String; N], widths: &[usize; N]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| {
        let gap = width - cell.chars().count();
        format!(" {cell}{} |", " ".repeat(gap))
    });
    format!("|{}\n", padded.collect::<String>())
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_stand_under_each_other() {
        let text = super::table(&["a", "µs"], &[["long".to_owned(), "1".to_owned()]]);
        assert_eq!(text, "| a    | µs |\n| ---- | -- |\n| long | 1  |\n");
    }
}
