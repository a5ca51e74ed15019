using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Elementwise;

/// <summary>Turns views into the longest rows that the operands allow.</summary>
internal static class ElementwisePlanner
{
    private const string Whole = "the whole tensor";

    /// <param name="isa">The target.</param>
    /// <param name="function">What is computed.</param>
    /// <param name="spread">How the parameters spread over the elements.</param>
    /// <param name="activation">Applied to the result; null for nothing.</param>
    /// <param name="x">The elements.</param>
    /// <param name="second">The parameter; null if the parameters are in the packed weights or there are none.</param>
    /// <param name="y">The result.</param>
    public static ElementwisePlan Plan(Isa isa, ElementFunction function, Spread spread, Activation? activation, TensorView x, TensorView? second, TensorView y)
    {
        string tag = (spread, function.Parameters) switch
        {
            (_, 0) or (Spread.Equal, _) => "",
            (Spread.Channel, _) => "_PerChannel",
            (Spread.Pixel, _) => "_PerPixel",
            _ => "_Single",
        };
        string name = $"{function.Name}{tag}_{x.Shape}_{(x.Form == Form.Blocked ? $"C{x.Block}" : "C1")}{(activation is null ? "" : "_" + activation.Function)}";
        string summary = $"{function.Name} of {x.Shape}{(tag.Length == 0 ? "" : spread switch { Spread.Channel => ", one value for each channel", Spread.Pixel => ", one value for each pixel", _ => ", one value" })}"
            + (activation is null ? "." : $", {activation.Function} applied.");
        ElementwisePlan plan = new(isa, name, summary, new PlaneUnits(1, 1, default)) { Function = function, Activation = activation };
        plan = x.Form == Form.Blocked ? Blocked(plan, spread, x, second, y) : Dense(plan, spread, x, second);

        int extent = plan.Rows > 1 ? plan.Rows : Math.Max(1, plan.Vectors);
        PlaneUnits planes = PlaneUnits.Of(plan.Planes.Images, plan.Planes.Blocks, extent, (long)plan.Rows * plan.Vectors * isa.Lanes() * 4);
        return plan with { Planes = planes, Units = planes.Count };
    }

    private static ElementwisePlan Blocked(ElementwisePlan plan, Spread spread, TensorView x, TensorView? second, TensorView y)
    {
        bool samePlanes = x.Border.IsEmpty && y.Border.IsEmpty && (spread != Spread.Equal || second is null || second.Border.IsEmpty);
        PlaneStrides parameter = (spread, second) switch
        {
            (Spread.Equal, not null) => PlaneStrides.Of(second),
            (Spread.Channel, null) => new(0, x.PixelBytes, 0, 0, 0),
            (Spread.Channel, { Form: Form.Blocked }) => PlaneStrides.Of(second) with { Image = second.N == 1 ? 0 : second.ImageBytes, Row = 0, Column = 0 },
            (Spread.Channel, _) => new(0, x.PixelBytes, 0, 0, 0),
            (Spread.Pixel, not null) => PlaneStrides.Of(second) with { Image = second.N == 1 ? 0 : second.ImageBytes, Block = 0 },
            _ => new(0, 0, 0, 0, 0),
        };
        plan = plan with
        {
            Plane = "one channel block",
            Planes = new PlaneUnits(x.N, x.Blocks, default),
            Rows = samePlanes ? 1 : x.H,
            Vectors = samePlanes ? x.H * x.W : x.W,
            Input = PlaneStrides.Of(x),
            Output = PlaneStrides.Of(y),
            Parameters = Parameters(plan, second is null, parameter, spread is Spread.Single or Spread.Pixel, x),
        };

        // Without borders and values of its own for each channel the whole tensor is one row.
        return samePlanes && (spread is Spread.Equal or Spread.Single || plan.Function.Parameters == 0)
            ? plan with { Plane = Whole, Planes = new PlaneUnits(1, 1, default), Vectors = x.N * x.Blocks * plan.Vectors }
            : plan;
    }

    private static ElementwisePlan Dense(ElementwisePlan plan, Spread spread, TensorView x, TensorView? second)
    {
        int lanes = plan.Isa.Lanes();
        bool perPixel = spread == Spread.Pixel, perChannel = spread == Spread.Channel && plan.Function.Parameters > 0, planes = perPixel || perChannel;
        int images = planes ? x.Shape[0] : 1, channels = planes ? x.Shape[1] : 1;
        int elements = (int)(x.Shape.Elements / (images * (long)channels)), values = perPixel ? elements : channels;
        int parameterImage = second is not null && second.Shape.Elements > values ? values * 4 : 0;

        // Planes of one pixel: the channels themselves are the row, and so are their values.
        bool channelRow = perChannel && elements == 1;
        if (channelRow) (channels, elements) = (1, channels);
        PlaneStrides strides = new(channels * elements * 4, elements * 4, 0, lanes * 4, 0);
        PlaneStrides parameter = channelRow || spread is Spread.Equal or Spread.Pixel ? new(parameterImage, 0, 0, lanes * 4, 0)
            : perChannel ? new(parameterImage, 4, 0, 0, 0) : new(0, 0, 0, 0, 0);
        return plan with
        {
            Plane = !planes ? Whole : channelRow ? "all channels" : "one channel",
            Planes = new PlaneUnits(images, channels, default),
            Rows = 1,
            Vectors = elements / lanes,
            Tail = elements % lanes,
            Input = strides,
            Output = strides,
            Parameters = Parameters(plan, second is null, parameter, !(channelRow || spread is Spread.Equal or Spread.Pixel), x),
        };
    }

    /// <summary>Packed parameters lie one behind the other, each padded to whole vectors.</summary>
    private static EquatableArray<ElementParameter> Parameters(ElementwisePlan plan, bool packed, PlaneStrides strides, bool scalar, TensorView x)
    {
        if (plan.Function.Parameters == 0) return [];
        int lanes = plan.Isa.Lanes();
        int bytes = plan.Function.Parameters == 1 ? 0 : (int)Alignment.Up((x.Shape[1] + lanes - 1) / lanes * lanes * 4L);
        return Enumerable.Range(0, plan.Function.Parameters)
            .Select(i => new ElementParameter(packed, strides with { Origin = strides.Origin + (i * bytes) }, scalar)).ToEquatableArray();
    }
}
