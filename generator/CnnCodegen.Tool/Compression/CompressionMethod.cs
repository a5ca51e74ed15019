using CnnCodegen.Compression;
using CnnCodegen.Tool.Import;

namespace CnnCodegen.Tool.Compression;

/// <summary>One way to make a network smaller.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Description">One line for the help.</param>
/// <param name="Options">The numbers that it needs, as options of the command line.</param>
/// <param name="Apply">The network with other weights, refinements or layers.</param>
internal sealed record CompressionMethod(string Name, string Description, string[] Options, Func<CompressionJob, ImportedNetwork> Apply)
{
    /// <summary>It changes layers; otherwise it has something to do without any, too.</summary>
    public bool NeedsLayers { get; init; } = true;

    /// <summary>The numbers that it takes but does not need.</summary>
    public string[] Optional { get; init; } = [];

    /// <summary>All numbers that it takes.</summary>
    public IEnumerable<string> Numbers => Options.Concat(Optional);
}

/// <summary>The list of all methods: a new one is a line here and a file of CnnCodegen.Compression.</summary>
internal static class MethodCatalog
{
    public const string Density = "--density", Quality = "--quality", Threshold = "--threshold", Dictionary = "--dictionary", Terms = "--terms", Bases = "--bases", Deviations = "--deviations", Values = "--values", Seed = "--seed",
        Zeros = "--zeros", WeightBits = "--weight-bits", ActivationBits = "--activation-bits";

    public static IReadOnlyList<CompressionMethod> All { get; } =
    [
        new("lossless", "changes no weight: zeros, signs and shared values are found and stored compactly", [], job => job.Network) { NeedsLayers = false },
        new("magnitude", "keeps the largest weights of each layer", [Density], job => job.WithWeights(w => MagnitudePruning.ToDensity(w, job[Density]))),
        new("global-magnitude", "keeps the largest weights of all layers together", [Density], job => job.WithWeights(MagnitudePruning.ToGlobalDensity([.. job.Layers.Select(job.Weight)], job[Density]))),
        new("deviation", "removes weights below a multiple of their layer's standard deviation", [Quality], job => job.WithWeights(w => MagnitudePruning.ByDeviation(w, job[Quality]))),
        new("share", "lets the weights of each layer share so many values, by k-means; zeros stay", [Values], job => job.WithWeights(w => SharedValues.Of(w, job.Whole(Values)))),
        new("binary-weight", "replaces each weight by its sign times the mean magnitude of its output channel", [], LowBits.BinaryWeight),
        new("binary", "the same, and what the layers read becomes its sign, times its mean magnitude on the samples", [], LowBits.Binary),
        new("xnor", "the same, with the mean magnitude of what each output pixel is computed from", [], LowBits.Xnor),
        new("bitwise", "a share of the weights becomes zero, the others signs, as does what the layers read", [Zeros], LowBits.Bitwise),
        new("dorefa", "weights and what they are multiplied with become codes of 1 to 8 bits; 32 leaves them floats", [WeightBits, ActivationBits], LowBits.DoReFa),
        new("structured", "sets filters, input channels and taps of a channel to zero whose root mean square is at most a threshold, and removes the filters and channels that nothing needs", [Threshold], Trimming.Structured),
        new("energy", "keeps as many weights of each filter, those that its outputs on the samples need, fitted to give them; layers of most energy first", [Density], EnergyPruning.Prune),
        new("apoz", "removes channels that are zero on the samples more often than their layer's mean by a multiple of the standard deviation", [Deviations], Trimming.Idle),
        new("merge", "merges the neurons and channels most like others, down to a share of them", [Density], Trimming.Merge),
        new("divnet", "keeps a share of the neurons and channels, the most diverse on the samples, and fuses the others into them; with a seed, a set drawn at random that diversity makes likely", [Density], Trimming.Fuse) { Optional = [Seed] },
        new("lookup", "makes each tap of each filter a sum of a few words of a dictionary, where that takes fewer weights", [Dictionary, Terms], Factorisation.Lookup),
        new("decompose", "makes filters sparse combinations of spatial filters of mixed channels, where that takes fewer weights", [Bases, Density], Factorisation.Decompose),
    ];

    public static CompressionMethod Find(string name) => All.First(method => method.Name == name);
}
