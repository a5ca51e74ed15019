using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnCodegen.Benchmarks;

/// <summary>Results on disk.</summary>
internal static class ResultFolder
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Writes <c>results.json</c>, <c>results.md</c>, and the plots <c>ratios.svg</c> and <c>roofline.svg</c>.</summary>
    public static void Write(string folder, Results results)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "results.json"), JsonSerializer.Serialize(results, Json) + "\n");
        File.WriteAllText(Path.Combine(folder, "results.md"), Markdown(results));
        if (Plots.Ratios(results) is { } ratios) File.WriteAllText(Path.Combine(folder, "ratios.svg"), ratios);
        if (Plots.Roofline(results) is { } roofline) File.WriteAllText(Path.Combine(folder, "roofline.svg"), roofline);
    }

    /// <summary>The tables for a README, with the date and the machine.</summary>
    public static string Markdown(Results results)
    {
        StringBuilder text = new();
        text.Append(FormattableString.Invariant($"{results.Date:yyyy-MM-dd}, {results.Processor}, {results.Isa}; compared with {string.Join(", ", results.Peers.DefaultIfEmpty("nothing"))}.\n"));
        foreach (Sheet sheet in Sheets.Of(results)) text.Append($"\n### {sheet.Title}\n\n{sheet.ToMarkdown()}");
        return text.ToString();
    }
}
