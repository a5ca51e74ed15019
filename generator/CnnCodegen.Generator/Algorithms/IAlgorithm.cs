using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms;

/// <summary>One way to compute some kinds of layers. Stateless; all it decides is in the plans it makes.</summary>
internal interface IAlgorithm
{
    /// <summary>The name in the plan and in front of <see cref="KernelPlan.Algorithm"/>.</summary>
    string Name { get; }

    /// <summary>Whether this kind of layer is its business at all; a refusal of other kinds is not worth a word in the plan.</summary>
    bool Considers(Layer layer);

    /// <summary>Claims a layer it considers, or declines with a reason. Pure.</summary>
    Claim Claim(LayerContext layer);

    /// <summary>Writes the members of the kernel's class. Decides nothing.</summary>
    void Emit(KernelPlan plan, SourceWriter writer);
}

/// <summary>A layer on its way to a plan.</summary>
/// <param name="Node">The layer.</param>
/// <param name="InputShapes">The shapes it reads; a fused residual is the last.</param>
/// <param name="InputForms">The forms in which its producers write them.</param>
/// <param name="Isa">The target.</param>
internal sealed record LayerContext(Node Node, EquatableArray<TensorShape> InputShapes, IReadOnlyList<Form> InputForms, Isa Isa)
{
    public Layer Layer => Node.Layer;

    /// <summary>For each input the activation whose results it holds, as <see cref="Grids"/> knows it; null where it may be any float.</summary>
    public IReadOnlyList<Activation?> InputGrids { get; init; } = [];

    /// <summary>Which weights are zero; null where nothing says so.</summary>
    public WeightManifest? Manifest { get; init; }

    /// <summary>The layers that read the value.</summary>
    public IReadOnlyList<Layer> Readers { get; init; } = [];

    /// <summary>The bytes in which the value lies if it is one of codes; null if it is not.</summary>
    public CodeGrid? Grid => CodeGrid.Of(Node.Epilogue.Activation ?? Layer as Activation);

    /// <summary>The bytes of an input that its producer writes as codes; null if that writes something else.</summary>
    public CodeGrid? InputCodes(int input) => InputForms[input] == Form.Codes ? CodeGrid.Of(InputGrids[input]) : null;

    /// <summary>How its weights are codes; null where they are not.</summary>
    public WeightCodes? WeightCodes => (Layer as WeightedLayer)?.Refinement?.Codes is { } codes ? codes.Of(Node.Name) : null;

    /// <summary>The blocked form, where a producer has it already or the layer would gain from it.</summary>
    public bool AnyBlocked => InputForms.Contains(Form.Blocked) || InputForms.Contains(Form.Codes);

    /// <summary>The sums are those of signs and zeros, which can be exact; a rounding error could turn the sign of a result around.</summary>
    public bool IsExact => Layer is WeightedLayer { Refinement: BinaryWeight or Bitwise } && InputGrids.Count > 0 && Grids.IsBinary(InputGrids[0]);

    /// <summary>Why a kernel of vectors cannot apply the fused activation; null if it can.</summary>
    public string? ActivationRefusal =>
        Node.Epilogue.Activation is { } activation && !Dialect.CanActivate(activation) ? $"{activation.Function} has no vector form" : null;

    /// <summary>Why channel blocks do not keep the groups of a convolution apart; null if they do.</summary>
    public string? GroupsRefusal(int groups, int outChannels)
    {
        int lanes = Isa.Lanes(), inGroup = InputShapes[0][1] / groups, outGroup = outChannels / groups;
        return groups > 1 && (inGroup % lanes != 0 || outGroup % lanes != 0) ? $"groups of {inGroup} to {outGroup} channels are not whole vectors of {lanes}" : null;
    }
}

/// <summary>An algorithm's answer.</summary>
internal abstract record Claim
{
    public static Claim Decline(string reason) => new Declined(reason);
}

/// <summary>Not this one.</summary>
internal sealed record Declined(string Reason) : Claim;

/// <summary>
/// The layer is taken: the form and border each input must have, the form of the output, and the calls to make once
/// the views are known.
/// </summary>
/// <param name="Reason">Why this algorithm fits.</param>
/// <param name="Inputs">One need for each input.</param>
/// <param name="Output">The form of the output.</param>
/// <param name="InPlace">The output may take the place of input 0 when nobody else reads that.</param>
/// <param name="Plan">Views of the inputs and of the output to calls.</param>
internal sealed record Claimed(
    string Reason,
    IReadOnlyList<Need> Inputs,
    Form Output,
    bool InPlace,
    Func<IReadOnlyList<TensorView>, TensorView, IReadOnlyList<KernelCall>> Plan) : Claim
{
    /// <summary>The estimated work; null where nothing else could be cheaper.</summary>
    public Cost? Cost { get; init; }

    /// <summary>The a-priori bound of the rounding error as a multiple of that of the direct algorithm; 1 if it is as good.</summary>
    public double Amplification { get; init; } = 1;
}

/// <summary>The form an input must have, with at least this border of zeros.</summary>
internal readonly record struct Need(Form Form, Border Border = default);
