using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>
/// Whether a convolution in tiles of pixels reads and writes channel blocks, which it transposes on the way to its patches and from its sums, or planes.
/// </summary>
internal readonly record struct SparseForms(bool ReadsBlocks, bool WritesBlocks)
{
    /// <summary>Density up to which a convolution is expected to be faster by its zeros.</summary>
    private const double ExpectedDensity = 0.25;

    public Form Input => ReadsBlocks ? Form.Blocked : Form.Padded;

    public Form Output => WritesBlocks ? Form.Blocked : Form.Padded;

    /// <summary>
    /// The forms that the neighbours have: blocks where the input lies in blocks; and where the residual does or a reader may. Rows shorter than a
    /// square, and groups that would share one, as those of depthwise convolutions, remain planes.
    /// </summary>
    public static SparseForms Of(LayerContext layer, Conv conv)
    {
        int inChannels = layer.InputShapes[0][1] / conv.Groups, outChannels = conv.OutChannels / conv.Groups;
        bool isWide = TensorView.Dense(layer.Node.Shape).W >= Squares.Size;
        bool gains = layer.Node.Epilogue.Residual ? IsBlocked(layer, 1) : !layer.Readers.All(ReadsPlanes);
        return new SparseForms(
            isWide && IsBlocked(layer, 0) && (conv.Groups == 1 || inChannels % Squares.Size == 0),
            isWide && gains && (conv.Groups == 1 || outChannels % layer.Isa.Lanes() == 0));
    }

    /// <summary>For the plan table.</summary>
    public string Describe() => this switch
    {
        (true, true) => ", from and to channel blocks",
        (true, false) => ", from channel blocks",
        (false, true) => ", to channel blocks",
        _ => "",
    };

    /// <summary>What the inputs of the convolution must be.</summary>
    public IReadOnlyList<Need> Needs(LayerContext layer, Conv conv)
    {
        Need input = new(Input, PlaneWindow.Borders(conv.Window, layer.InputShapes[0], layer.Node.Shape));
        return layer.Node.Epilogue.Residual ? [input, new Need(Output)] : [input];
    }

    /// <summary>Elements whose form changes next to the convolution.</summary>
    public long Reordered(LayerContext layer)
    {
        long output = layer.Node.Shape.Elements;
        return (IsBlocked(layer, 0) && !ReadsBlocks ? layer.InputShapes[0].Elements : 0)
            + (layer.Node.Epilogue.Residual && IsBlocked(layer, 1) != WritesBlocks ? output : 0)
            + (!WritesBlocks && !layer.Readers.All(ReadsPlanes) ? output : 0);
    }

    private static bool IsBlocked(LayerContext layer, int input) => layer.InputForms[input] == Form.Blocked;

    /// <summary>Layers that read planes as they are: what wants rows, and convolutions in tiles of pixels as far as their density lets expect them.</summary>
    private static bool ReadsPlanes(Layer reader) => reader is Linear or Reshape or Conv { Groups: 1, Refinement: Model.Sparse { Shared: false, Density: <= ExpectedDensity } };
}
