using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Elementwise;

/// <summary>
/// Activations, batch norms, PReLU and functions of two values where the smaller one has the shape of the bigger, one value for each
/// channel or pixel, or one value: in the form in which the bigger one already is.
/// </summary>
internal sealed class ElementwiseAlgorithm : IAlgorithm
{
    public const string Id = "elementwise";

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Activation or BatchNorm or PRelu or Binary;

    public Claim Claim(LayerContext layer)
    {
        Activation? activation = layer.Layer as Activation ?? layer.Node.Epilogue.Activation;
        if (activation is not null && !Dialect.CanActivate(activation)) return Algorithms.Claim.Decline($"{activation.Function} has no vector form");
        return layer.Layer is Binary binary ? ClaimBinary(layer, binary) : ClaimUnary(layer);
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new ElementwiseEmitter((ElementwisePlan)plan, writer).Emit();

    private static Claim ClaimUnary(LayerContext layer)
    {
        TensorShape x = layer.InputShapes[0];
        Spread spread = Spread.Equal;
        if (layer.Layer is PRelu prelu)
        {
            if (Spreads.Of(prelu.Slope(x), x) is not { } slopes) return Algorithms.Claim.Decline($"slopes of shape {prelu.Slope(x)}");
            if (slopes is Spread.Equal or Spread.Pixel || (slopes == Spread.Channel && prelu.Slope(x).Elements > x[1])) return Algorithms.Claim.Decline("one slope for each element");
            spread = slopes;
        }
        else if (layer.Layer is BatchNorm)
        {
            spread = Spread.Channel;
        }

        Form form = layer.AnyBlocked ? Form.Blocked : Form.Dense;
        return new Claimed("vectors of elements", [new Need(form)], form, InPlace: true, (views, output) => [PlanUnary(layer, spread, views[0], output)]);
    }

    private static Claim ClaimBinary(LayerContext layer, Binary binary)
    {
        if (binary.Function == BinaryKind.Pow) return Algorithms.Claim.Decline("no vector form of a power");
        TensorShape y = layer.Node.Shape;
        int big = layer.InputShapes[0] == y ? 0 : 1;
        TensorShape small = layer.InputShapes[1 - big];
        if (layer.InputShapes[big] != y || Spreads.Of(small, y) is not { } spread)
            return Algorithms.Claim.Decline($"broadcasts {layer.InputShapes[0]} and {layer.InputShapes[1]}");

        // A value for each channel is a vector beside blocked planes, if its own form or its length makes it whole vectors.
        int lanes = layer.Isa.Lanes();
        bool blocked = layer.InputForms[big] is Form.Blocked or Form.Codes
            && (spread != Spread.Channel || small.Rank == y.Rank || y[1] % lanes == 0);
        Form form = blocked ? Form.Blocked : Form.Dense;
        // A value for each pixel is broadcast beside its block of channels.
        Form smallForm = blocked && (spread == Spread.Equal || (spread == Spread.Channel && small.Rank == y.Rank)) ? Form.Blocked : Form.Dense;
        Need[] needs = big == 0 ? [new Need(form), new Need(smallForm)] : [new Need(smallForm), new Need(form)];
        return new Claimed("vectors of elements", needs, form, InPlace: big == 0, (views, output) =>
        {
            ElementFunction function = new BinaryFunction(binary.Function, Swapped: big == 1);
            ElementwisePlan plan = ElementwisePlanner.Plan(layer.Isa, function, spread, layer.Node.Epilogue.Activation, views[big], views[1 - big], output);
            return [new KernelCall(plan, big, 1 - big)];
        });
    }

    private static KernelCall PlanUnary(LayerContext layer, Spread spread, TensorView x, TensorView y)
    {
        ElementFunction function = layer.Layer switch
        {
            Activation activation => new ActivationFunction(activation),
            BatchNorm => new AffineFunction(),
            _ => new PReluFunction(),
        };
        int lanes = layer.Isa.Lanes(), channels = spread == Spread.Channel ? x.C : 1;
        int padded = (channels + lanes - 1) / lanes * lanes;
        PackRecipe? weights = layer.Layer switch
        {
            BatchNorm norm => new AffineRecipe(layer.Node.Name, norm.Epsilon, channels, padded),
            PRelu => new ChannelRecipe(layer.Node.Name + ".weight", channels, padded),
            _ => null,
        };
        ElementwisePlan plan = ElementwisePlanner.Plan(layer.Isa, function, spread, layer.Node.Epilogue.Activation, x, null, y);
        return new KernelCall(plan, Weights: weights);
    }
}
