namespace CnnCodegen.Tool.Verification;

/// <summary>How a case ended.</summary>
internal enum Outcome
{
    Pass,
    Fail,

    /// <summary>The model is sound, but uses what networks cannot do.</summary>
    Unsupported,
}

/// <summary>What became of a case.</summary>
/// <param name="Name">The case.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Detail">Why it did not pass.</param>
/// <param name="Difference">The largest differences of all outputs; null where none were computed.</param>
internal sealed record CaseResult(string Name, Outcome Outcome, string Detail = "", Difference? Difference = null)
{
    /// <summary>The line of the report.</summary>
    public override string ToString() => $"{Outcome.ToString().ToLowerInvariant()} {Name}{(Detail.Length > 0 ? ": " : "")}{Detail.ReplaceLineEndings(" ")}";
}
