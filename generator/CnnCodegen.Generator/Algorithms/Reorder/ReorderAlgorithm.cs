using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Reorder;

/// <summary>
/// Copies an image from one form to another, into the channels from ChannelOffset on of the output. Distances in bytes.
/// </summary>
internal sealed record ReorderPlan(Isa Isa, string Name, string Summary, int Units, TensorView From, TensorView To, int ChannelOffset)
    : KernelPlan(ReorderAlgorithm.Id, Isa, Name, Summary, Units)
{
    /// <summary>Whole rows of whole channel blocks are contiguous on both sides.</summary>
    public bool CopiesRows => From.Block == To.Block && ChannelOffset % To.Block == 0;

    /// <summary>One side has the channels of a pixel together, the other does not: squares of four channels and pixels are transposed.</summary>
    public bool Transposes => (From.Block == 1) != (To.Block == 1) && ChannelOffset == 0 && From.C >= Square && Run >= Square;

    /// <summary>Up to three channels, which lie apart, become the first lanes of one block: all of a pixel's lanes are written at once.</summary>
    public bool Widens => From.Block == 1 && To.Block >= Square && ChannelOffset == 0 && To.C == From.C && From.C < Square && From.W >= Square;

    /// <summary>The bands of rows that are then the units.</summary>
    public PlaneUnits Bands => PlaneUnits.Of(From.N, 1, From.H, To.BlockBytes);

    /// <summary>Rows and columns of a square.</summary>
    public const int Square = 4;

    /// <summary>Rows of pixels that are evenly apart on both sides: the whole plane is one where no borders are between them.</summary>
    public int Rows => IsOneRow ? 1 : From.H;

    /// <summary>Pixels of such a row.</summary>
    public int Run => IsOneRow ? From.H * From.W : From.W;

    private bool IsOneRow => From.RowBytes == From.W * From.PixelBytes && To.RowBytes == To.W * To.PixelBytes;
}

/// <summary>Changes of form, and concatenation of channels, which is the same copy at an offset.</summary>
internal sealed class ReorderAlgorithm : IAlgorithm
{
    public const string Id = "reorder";

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Concat { Axis: 1 };

    public Claim Claim(LayerContext layer)
    {
        if (layer.Node.Shape.Rank is < 2 or > 4) return Algorithms.Claim.Decline($"rank {layer.Node.Shape.Rank}");
        Form form = layer.AnyBlocked ? Form.Blocked : Form.Dense;
        Need[] needs = layer.InputShapes.Select(_ => new Need(form)).ToArray();
        return new Claimed("copies channels", needs, form, InPlace: false, (views, output) =>
        {
            List<KernelCall> calls = [];
            int channel = 0;
            for (int i = 0; i < views.Count; i++)
            {
                calls.Add(new KernelCall(Plan(layer.Isa, views[i], output, channel), i));
                channel += views[i].C;
            }

            return calls;
        });
    }

    public static ReorderPlan Plan(Isa isa, TensorView from, TensorView to, int channelOffset)
    {
        if (from.Shape.Rank is < 2 or > 4)
        {
            // A tensor of another rank is only ever copied whole: one row.
            from = to = TensorView.Dense(TensorShape.Of(1, 1, 1, (int)from.Shape.Elements));
        }

        string offset = channelOffset > 0 ? $"_At{channelOffset}of{to.C}" : "";
        string name = $"Reorder_{from.N}x{from.C}x{from.H}x{from.W}_{Tag(from)}_{Tag(to)}{offset}";
        string summary = $"Copies {from.Shape} from {from.Describe()} to {to.Describe()}" + (channelOffset > 0 || from.C != to.C ? $", channels {channelOffset} to {channelOffset + from.C - 1} of {to.C}." : ".");
        ReorderPlan plan = new(isa, name, summary, 1, from, to, channelOffset);
        return plan with { Units = plan.Widens ? plan.Bands.Count : from.N * (plan.CopiesRows ? from.Blocks : plan.Transposes ? (from.C + ReorderPlan.Square - 1) / ReorderPlan.Square : from.C) };
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => ReorderEmitter.Emit((ReorderPlan)plan, writer);

    private static string Tag(TensorView view)
    {
        Border b = view.Border;
        string border = b.IsEmpty ? "" : $"B{b.Top}{b.Left}{b.Bottom}{b.Right}";
        return (view.Form == Form.Blocked ? $"C{view.Block}" : "C1") + border;
    }
}
