using System.Text.Json;
using System.Text.Json.Nodes;

namespace CnnCodegen.Tool.Verification;

/// <summary>What became of all cases.</summary>
internal sealed class VerificationReport(IReadOnlyList<CaseResult> cases)
{
    public int Failed => Count(Outcome.Fail);

    /// <summary>For example <c>12 passed, 0 failed, 3 skipped</c>; skipped are those that are unsupported.</summary>
    public string Totals => $"{Count(Outcome.Pass)} passed, {Failed} failed, {Count(Outcome.Unsupported)} skipped";

    /// <summary>One object: the cases and the totals. An error that is no finite number is null.</summary>
    public string ToJson() => new JsonObject
    {
        ["cases"] = new JsonArray([.. cases.Select(ToJson)]),
        ["passed"] = Count(Outcome.Pass),
        ["failed"] = Failed,
        ["skipped"] = Count(Outcome.Unsupported),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private static JsonNode ToJson(CaseResult result) => new JsonObject
    {
        ["name"] = result.Name,
        ["outcome"] = result.Outcome.ToString().ToLowerInvariant(),
        ["detail"] = result.Detail.Length > 0 ? result.Detail : null,
        ["absolute_error"] = Finite(result.Difference?.Absolute),
        ["relative_error"] = Finite(result.Difference?.Relative),
    };

    private static double? Finite(double? error) => error is { } value && double.IsFinite(value) ? value : null;

    private int Count(Outcome outcome) => cases.Count(c => c.Outcome == outcome);
}
