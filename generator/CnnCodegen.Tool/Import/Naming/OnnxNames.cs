using System.Text.RegularExpressions;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Reading;

namespace CnnCodegen.Tool.Import.Naming;

/// <summary>
/// Legible names from those that exporters write: <c>/layer1/layer1.0/conv1/Conv</c> and <c>layer1.0.conv1.weight</c> both say
/// <c>layer1.0.conv1</c>; <c>Conv_12</c>, <c>281</c> and <c>onnx::Conv_193</c> say nothing.
/// </summary>
internal sealed partial class OnnxNames
{
    // What TensorFlow appends to a layer's name for the operations inside it.
    private static readonly HashSet<string> s_operations = new(StringComparer.OrdinalIgnoreCase)
    {
        "BiasAdd", "Conv2D", "depthwise", "FusedBatchNormV3", "FusedBatchNorm", "MatMul", "separable_conv2d",
    };

    /// <summary>Beyond it a name is no longer legible, and may be too long for a layer with what is appended to it.</summary>
    private const int MaxLength = NameScope.MaxLength / 2;

    private readonly Dictionary<Draft, string> _names = [];

    public OnnxNames(IReadOnlyList<Draft> drafts, IReadOnlyList<Draft> outputs)
    {
        HashSet<Draft> ends = [.. outputs];
        Dictionary<Draft, string[]> paths = drafts.ToDictionary(d => d, d => BestPath(d, ends.Contains(d)));
        int common = CommonSegments([.. paths.Values.Where(p => p.Length > 0)]);
        foreach ((Draft draft, string[] path) in paths) _names[draft] = string.Join('.', path.Skip(Math.Min(common, path.Length - 1)));

        // A name that an enclosing module has, or several nodes, does not tell which operation it is.
        Draft[] operations = [.. drafts.Where(d => d.OpType.Length > 0)];
        ILookup<string, (string, string)> nodes = operations.Select(d => (Name: _names[d], Node: (d.NodeName, d.OpType))).Distinct().ToLookup(n => n.Name, n => n.Node);
        HashSet<string> modules = new(nodes.SelectMany(n => Enclosing(n.Key)), StringComparer.Ordinal);
        foreach (Draft draft in operations.Where(d => d.Weights.Count == 0 && _names[d].Length > 0))
        {
            string name = _names[draft];
            if (modules.Contains(name) || nodes[name].Skip(1).Any()) _names[draft] = $"{name}.{draft.OpType.ToLowerInvariant()}";
        }
    }

    /// <summary>Empty where the file has no legible name.</summary>
    public string this[Draft draft] => _names[draft];

    /// <summary>What the file calls the layer that a weight belongs to; empty where the weight's name does not tell.</summary>
    public static string WeightPrefix(Draft draft) => draft.Layer is Parameter ? "" : string.Join('.', Path(WeightPath(draft)));

    /// <summary>Whether a graph output has a name that is worth keeping.</summary>
    public static bool IsTelling(string outputName) => Path(outputName) is { Length: > 0 } path && !Counted().IsMatch(path[0]);

    private static IEnumerable<string> Enclosing(string name)
    {
        for (int dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1)) yield return name[..dot];
    }

    private static string WeightPath(Draft draft)
    {
        Match match = WeightName().Match(draft.WeightName);
        return match.Success ? match.Groups["layer"].Value : "";
    }

    private static string[] BestPath(Draft draft, bool isOutput)
    {
        string[] candidates =
        [
            draft.Layer is Parameter ? draft.WeightName : WeightPath(draft),
            isOutput && IsTelling(draft.ValueName) ? draft.ValueName : "",
            draft.ValueName.Length == 0 || Counted().IsMatch(draft.NodeName) ? "" : draft.NodeName,
            draft.Layer is not Input && Counted().IsMatch(draft.ValueName) ? "" : draft.ValueName,
        ];
        return candidates.Select(c => Trim(Path(c), draft.OpType)).FirstOrDefault(p => p.Length > 0, []);
    }

    /// <summary>The parts between slashes, reduced to letters, digits, dots and underscores; none for a name that says nothing.</summary>
    private static string[] Path(string name)
    {
        if (name.Contains("::", StringComparison.Ordinal) || name.Length > MaxLength) return [];
        name = OutputSuffix().Replace(name, "");
        List<string> path = [];
        foreach (string part in name.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string clean = Illegal().Replace(part, "_").Trim('_', '.');
            if (clean.Length == 0) continue;

            // PyTorch repeats the enclosing module in a submodule's name.
            if (path.Count > 0 && clean.StartsWith(path[^1] + ".", StringComparison.Ordinal)) path.RemoveAt(path.Count - 1);
            path.Add(clean);
        }

        return path.Count == 1 && Nameless().IsMatch(path[0]) ? [] : [.. path];
    }

    /// <summary>Without the operator's own name, or a repetition, at the end.</summary>
    private static string[] Trim(string[] path, string opType)
    {
        if (path.Length == 0 || opType.Length == 0) return path;
        string last = path[^1];
        bool isOperator = last == opType || (last.StartsWith(opType + "_", StringComparison.Ordinal) && last[(opType.Length + 1)..].All(char.IsAsciiDigit));
        bool isRepeated = path.Length > 1
            && (s_operations.Contains(last) || last.Equals(opType, StringComparison.OrdinalIgnoreCase) || path[^2].EndsWith(last, StringComparison.Ordinal));
        return isOperator || isRepeated ? path[..^1] : path;
    }

    /// <summary>How many leading parts all names share, so that they tell nothing; none where a weight's dotted name must be kept whole.</summary>
    private static int CommonSegments(string[][] paths)
    {
        string[][] nested = [.. paths.Where(p => p.Length > 1)];
        if (nested.Length < 2 || paths.Any(p => p.Length == 1 && p[0].Contains('.'))) return 0;
        int common = 0;
        while (nested.All(p => p.Length > common + 1 && p[common] == nested[0][common])) common++;
        return common;
    }

    [GeneratedRegex(@"^(ConvBnFusion_W_)?(?<layer>.+?)[./_](weights?|w|scale|s|gamma|kernel|slope)(_\d+)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WeightName();

    [GeneratedRegex(@"(:\d+|_output_\d+|_Output_\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex OutputSuffix();

    [GeneratedRegex(@"[^A-Za-z0-9_.]+", RegexOptions.CultureInvariant)]
    private static partial Regex Illegal();

    [GeneratedRegex(@"^(_*\d+|input\.\d+|output|Identity(_\d+)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Nameless();

    // What scripts call the values between layers: x, r12, n3.
    [GeneratedRegex(@"^[A-Za-z]\d*$", RegexOptions.CultureInvariant)]
    private static partial Regex Counted();
}
