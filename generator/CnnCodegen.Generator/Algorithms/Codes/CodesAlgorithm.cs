using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Codes;

/// <summary>Floats to codes or codes to floats: <paramref name="Grid"/> says what the codes mean.</summary>
internal sealed record CodesPlan(Isa Isa, string Name, string Summary, int Units, TensorView From, TensorView To, CodeGrid Grid)
    : KernelPlan(CodesAlgorithm.Id, Isa, Name, Summary, Units)
{
    /// <summary>Floats become codes.</summary>
    public bool Quantizes => To.Form == Form.Codes;

    public TensorView Floats => Quantizes ? From : To;

    public TensorView Codes => Quantizes ? To : From;
}

/// <summary>Quantisation into codes where integer kernels read them, and the changes of form between floats and codes.</summary>
internal sealed class CodesAlgorithm : IAlgorithm
{
    public const string Id = "codes";

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Activation { Function: ActivationKind.Quantize };

    public Claim Claim(LayerContext layer)
    {
        if (layer.Grid is not { } grid) return Algorithms.Claim.Decline("more than 256 codes");
        if (layer.Node.Shape.Rank is < 2 or > 4) return Algorithms.Claim.Decline($"rank {layer.Node.Shape.Rank}");
        if (!layer.Readers.Any(reader => reader is WeightedLayer { Refinement.Codes: not null })) return Algorithms.Claim.Decline("no integer layer reads it");
        Form form = layer.AnyBlocked ? Form.Blocked : Form.Dense;
        return new Claimed("an integer layer reads it", [new Need(form)], Form.Codes, InPlace: false, (views, output) => [new KernelCall(Plan(layer.Isa, views[0], output, grid))]);
    }

    public static CodesPlan Plan(Isa isa, TensorView from, TensorView to, CodeGrid grid)
    {
        bool quantizes = to.Form == Form.Codes;
        string name = $"{(quantizes ? "Quantize" : "Dequantize")}_{from.C}x{from.H}x{from.W}";
        return new CodesPlan(isa, name, $"{from.Shape} from {from.Describe()} to {to.Describe()}.", from.N * from.H, from, to, grid);
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new CodesEmitter((CodesPlan)plan, writer).Emit();
}
