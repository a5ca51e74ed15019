using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Unrolled;

/// <summary>A linear layer as straight-line code: a vector holds output features with about as many weights.</summary>
internal sealed record UnrolledLinearPlan(Isa Isa, string Name, string Summary) : KernelPlan(UnrolledAlgorithm.Id, Isa, Name, Summary, 1)
{
    /// <summary>Vectors to multiply with.</summary>
    public int Images { get; init; } = 1;

    public int InFeatures { get; init; }

    public int OutFeatures { get; init; }

    /// <summary>Output features of a vector.</summary>
    public int Lanes { get; init; }

    /// <summary>A tensor in the form of the output is added before the activation.</summary>
    public bool Residual { get; init; }

    public Activation? Activation { get; init; }

    /// <summary>The vectors, cut into methods.</summary>
    public EquatableArray<FeatureMethod> Methods { get; init; }

    public override string Tile => $"{Lanes} features, {Inputs} weights";

    public IReadOnlyList<FeatureGroup> Groups => [.. Methods.SelectMany(m => m.Groups)];

    /// <summary>Vectors of weights.</summary>
    public int Steps => Groups.Sum(g => g.Steps.Count);

    /// <summary>Weights, each with its input.</summary>
    public int Inputs => Groups.Sum(g => g.Steps.Sum(step => step.Weights.Count(w => w >= 0)));

    /// <summary>Vector instructions.</summary>
    public int Instructions => Inputs + (2 * Steps);

    /// <summary>The output feature of each bias.</summary>
    public EquatableArray<int> Channels => Groups.SelectMany(g => g.Features).ToEquatableArray();

    /// <summary>The weights in the order in which they are read, filled up to whole vectors.</summary>
    public EquatableArray<int> Weights => Groups.SelectMany(g => g.Steps).SelectMany(s => s.Weights).ToEquatableArray();

    /// <summary>Where the values begin behind the biases.</summary>
    public long ValuesOffset => Alignment.Up(4L * OutFeatures);

    public long WeightBytes => ValuesOffset + Alignment.Up(4L * Steps * Lanes);
}

/// <summary>A method that computes some vectors of output features.</summary>
internal sealed record FeatureMethod(EquatableArray<FeatureGroup> Groups);

/// <summary>A vector of output features, the last of which may be missing, and the vectors of weights that are multiplied for it.</summary>
/// <param name="FirstFeature">How many features come before.</param>
/// <param name="FirstStep">How many vectors of weights come before.</param>
/// <param name="Features">The output features.</param>
/// <param name="Steps">The vectors of weights.</param>
internal sealed record FeatureGroup(int FirstFeature, int FirstStep, EquatableArray<int> Features, EquatableArray<FeatureStep> Steps);

/// <summary>For each lane the index of a weight in the tensor; -1 where its feature has no more.</summary>
internal sealed record FeatureStep(EquatableArray<int> Weights);
