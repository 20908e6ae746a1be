//! A Markdown table whose columns stand under each other.

/// Head and rows as lines.
pub(crate) fn table<const N: usize>(head: &[&str; N], rows: &[[String; N]]) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.to_vec()).collect();
    columns(head, &rows)
}

/// The same of any number of columns; every row has as many as the head.
pub(crate) fn columns(head: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([head[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    [&head, &rule].into_iter().chain(rows).map(|row| line(row, &widths)).collect()
}

fn line(cells: &[String], widths: &[usize]) -> String {
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
