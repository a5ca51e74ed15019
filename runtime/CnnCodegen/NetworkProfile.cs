using System.Globalization;
using System.Text;

namespace CnnCodegen;

/// <summary>The time of one step.</summary>
/// <param name="Layer">The step.</param>
/// <param name="Microseconds">Median over the runs.</param>
/// <param name="Share">Its part of the sum of all steps, 0 to 1.</param>
public sealed record LayerTime(LayerInfo Layer, double Microseconds, double Share)
{
    /// <summary>Rate in 10^9 operations a second, two for each multiply-accumulate of the direct algorithm; 0 for a step without any.</summary>
    public double GigaflopsPerSecond => Microseconds > 0 ? 2e-3 * Layer.Macs / Microseconds : 0;
}

/// <summary>The times of a network's steps. <see cref="ToString"/> gives them as a table.</summary>
/// <param name="Network">The plan that ran.</param>
/// <param name="Layers">The steps in the order in which they run.</param>
/// <param name="Microseconds">Median time of a whole run.</param>
/// <param name="Runs">Number of runs the medians are of.</param>
/// <param name="Threads">Threads the calls were allowed.</param>
public sealed record NetworkProfile(NetworkInfo Network, IReadOnlyList<LayerTime> Layers, double Microseconds, int Runs, int Threads)
{
    /// <summary>One line for each step, with a heading and the total.</summary>
    public override string ToString()
    {
        List<string[]> rows = [["step", "layer", "shape", "algorithm", "us", "share", "GFLOP/s"]];
        foreach (LayerTime time in Layers)
            rows.Add([
                time.Layer.Name, time.Layer.Description, string.Join('x', time.Layer.Shape), time.Layer.Algorithm,
                Number(time.Microseconds), Percent(time.Share), Rate(time.Layer.Macs, time.GigaflopsPerSecond)]);
        double total = Microseconds > 0 ? 2e-3 * Network.Macs / Microseconds : 0;
        rows.Add(["total", "", "", "", Number(Microseconds), "", Rate(Network.Macs, total)]);

        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Network.Name}, {Network.Isa}, {Count(Threads, "thread")}, median of {Count(Runs, "run")}\n");
        foreach (string[] row in rows)
        {
            // Words to the left, numbers to the right.
            IEnumerable<string> cells = row.Select((cell, i) => i < 4 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }
        return text.ToString();
    }

    private static string Number(double value) => value.ToString("F1", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture) + "%";

    private static string Rate(long macs, double rate) => macs == 0 ? "-" : Number(rate);

    private static string Count(int count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
}
