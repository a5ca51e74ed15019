using System.Globalization;

namespace CnnCodegen.Tool.Commands;

/// <summary>Numbers as tables show them.</summary>
internal static class Quantity
{
    /// <summary>For example <c>12.3 MB</c>.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => Invariant($"{bytes} B"),
        < 1_000_000 => Invariant($"{bytes / 1e3:F1} kB"),
        < 1_000_000_000 => Invariant($"{bytes / 1e6:F1} MB"),
        _ => Invariant($"{bytes / 1e9:F2} GB"),
    };

    /// <summary>Multiply-accumulates, for example <c>3.9 G</c>; empty for none.</summary>
    public static string Macs(long macs) => macs switch
    {
        0 => "",
        < 1_000_000 => Invariant($"{macs / 1e3:F1} k"),
        < 1_000_000_000 => Invariant($"{macs / 1e6:F1} M"),
        _ => Invariant($"{macs / 1e9:F2} G"),
    };

    /// <summary>For example <c>0.123 ms</c>.</summary>
    public static string Milliseconds(double milliseconds) => milliseconds < 100 ? Invariant($"{milliseconds:F3} ms") : Invariant($"{milliseconds:F0} ms");

    /// <summary>For example <c>1 thread</c>, <c>2 threads</c>.</summary>
    public static string Count(int count, string unit) => Invariant($"{count} {unit}{(count == 1 ? "" : "s")}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
