using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.SignSums;

/// <summary>
/// A linear layer of floats with weights of one bit. The sums of a group of features with every pattern of signs are the lanes of a vector;
/// the lanes of another are output features, of which each has 32 signs in a word.
/// </summary>
internal sealed record SignSumsLinearPlan(Isa Isa, string Name, string Summary, int Units) : KernelPlan(SignSumsAlgorithm.Id, Isa, Name, Summary, Units)
{
    /// <summary>Signs of a word.</summary>
    public const int WordSigns = 32;

    /// <summary>Vectors to multiply with.</summary>
    public int Images { get; init; } = 1;

    public int InFeatures { get; init; }

    public int OutFeatures { get; init; }

    /// <summary>Vectors of output features that are summed side by side.</summary>
    public Cut Blocks { get; init; }

    /// <summary>The blocks cut into units.</summary>
    public Cut Bands { get; init; }

    /// <summary>A tensor in the form of the output is added before the activation.</summary>
    public bool Residual { get; init; }

    public Activation? Activation { get; init; }

    public override string Tile => $"{Blocks.Size} {(Blocks.Size == 1 ? "vector" : "vectors")} of features, sums of {GroupSigns} signs";

    public int Lanes => Isa.Lanes();

    public int VectorBytes => Lanes * sizeof(float);

    /// <summary>Signs of a group: a vector has a lane for each of their patterns.</summary>
    public int GroupSigns => Isa switch { Isa.Avx512 => 4, Isa.Avx2 => 3, _ => 2 };

    public int FullWords => InFeatures / WordSigns;

    /// <summary>Signs of the last word if it is no whole one.</summary>
    public int LastSigns => InFeatures % WordSigns;

    /// <summary>Groups of so many signs of a word.</summary>
    public int Groups(int signs) => Cut.CeilingOver(signs, GroupSigns);

    /// <summary>The last vector of results is no whole one.</summary>
    public bool PartialStore => OutFeatures % Lanes != 0;

    /// <summary>Bytes of the scales, which come first, and of the biases behind them.</summary>
    public int ScaleBytes => (int)Alignment.Up((long)Blocks.Extent * VectorBytes);

    /// <summary>Where the signs begin: [block][word][vector][lane].</summary>
    public int SignOffset => 2 * ScaleBytes;

    /// <summary>Bytes of the signs of a vector of output features.</summary>
    public int SignBytes => Cut.CeilingOver(InFeatures, WordSigns) * VectorBytes;

    public long WeightBytes => SignOffset + Alignment.Up((long)Blocks.Extent * SignBytes);
}

/// <summary>
/// Weights of one bit in words of 32 for a linear layer: a scale and a bias for each output feature, in whole vectors, then the words of
/// [block][word][vector][lane].
/// </summary>
internal sealed record SignSumsLinearRecipe(ConvWeights Tensors, int OutFeatures, int Lanes, int Vectors, int Blocks, long Bytes) : PackRecipe(Bytes);
