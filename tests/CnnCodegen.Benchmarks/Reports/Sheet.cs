using System.Globalization;
using System.Text;
using CnnCodegen.Tool.Commands;
using Spectre.Console;

namespace CnnCodegen.Benchmarks;

/// <summary>A table of text: names in the first columns, numbers in the others.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Names">How many columns are aligned to the left.</param>
/// <param name="Header">One heading a column.</param>
/// <param name="Rows">One cell a column each.</param>
internal sealed record Sheet(string Title, int Names, IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The table in Markdown, without its title.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new();
        Line(Header);
        Line(Header.Select((_, i) => i < Names ? "---" : "---:"));
        foreach (IReadOnlyList<string> row in Rows) Line(row);
        return text.ToString();

        void Line(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }

    /// <summary>Writes it to the output, title first.</summary>
    public void Print(Terminal terminal)
    {
        Table table = terminal.Table([.. Header]);
        for (int i = Names; i < Header.Count; i++) table.Columns[i].RightAligned();
        foreach (IReadOnlyList<string> row in Rows) table.AddRow(row.Select(cell => new Text(cell)));
        terminal.Output.WriteLine();
        terminal.Output.WriteLine(Title);
        terminal.Write(table);
    }

    /// <summary>A number with so many digits behind the point; a dash for none.</summary>
    public static string Number(double? value, int digits) => value is { } number ? number.ToString("F" + digits, CultureInfo.InvariantCulture) : "-";

    /// <summary>A number with three significant digits, at most four of them behind the point; a dash for none.</summary>
    public static string Short(double? value) => Number(value, value switch { 0 or >= 100 => 0, >= 10 => 1, >= 1 => 2, >= 0.1 => 3, _ => 4 });

    /// <summary>Whole percent.</summary>
    public static string Percent(double share) => Number(100 * share, 0) + " %";

    /// <summary>Mebibytes.</summary>
    public static string Mebibytes(long? bytes) => Short(bytes / 1048576.0);
}
