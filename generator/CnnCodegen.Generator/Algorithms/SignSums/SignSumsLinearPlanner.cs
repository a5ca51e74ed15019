using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.SignSums;

/// <summary>Cuts a linear layer with weights of one bit, or a convolution by a window as large as its input, into blocks and bands.</summary>
internal static class SignSumsLinearPlanner
{
    /// <summary>Vectors of output features side by side: sums, signs, a table and what it yields stay in 16 registers.</summary>
    private const int BlockVectors = 4;

    /// <summary>Units that threads share evenly, and vectors of a unit, which makes tables of its own, below which these cost too much.</summary>
    private const int WantedUnits = 8, UnitVectors = 32;

    /// <summary>Instructions for a group of signs of a vector of results, for a table of sums, and for a vector of results; measured.</summary>
    private const double GroupInstructions = 2.9, TableInstructions = 7, ResultInstructions = 12;

    /// <summary>Whether each output of the layer sums all of its input.</summary>
    public static bool Suits(Layer layer, TensorShape input) => layer is Linear
        || (layer is Conv { Groups: 1 } conv && !conv.Window.HasPadding && conv.Window.Kernel.SequenceEqual(input.Dims.Skip(2)));

    public static SignSumsLinearPlan Plan(LayerContext layer)
    {
        TensorShape x = layer.InputShapes[0], y = layer.Node.Shape;
        int inFeatures = Linear.InFeatures(x), outFeatures = y[1];
        Epilogue epilogue = layer.Node.Epilogue;
        Cut blocks = Cut.Evenly(Cut.CeilingOver(outFeatures, layer.Isa.Lanes()), BlockVectors);
        int bands = Math.Max(1, Math.Min(Cut.CeilingOver(WantedUnits, x[0]), blocks.Extent / UnitVectors));
        SignSumsLinearPlan plan = new(
            layer.Isa, $"Linear_SignSums_{x[0]}x{inFeatures}x{outFeatures}_T{blocks.Size}{epilogue.Tag()}",
            $"Linear layer of floats with binary weights, {x} to {y}, scaled, bias added{epilogue.Summary()}.", x[0])
        {
            Images = x[0],
            InFeatures = inFeatures,
            OutFeatures = outFeatures,
            Blocks = blocks,
            Bands = Cut.Evenly(blocks.Count, Cut.CeilingOver(blocks.Count, bands)),
            Residual = epilogue.Residual,
            Activation = epilogue.Activation,
        };
        return plan with { Units = plan.Images * plan.Bands.Count, ScratchBytes = Tables(plan) * plan.VectorBytes };
    }

    public static Cost Estimate(SignSumsLinearPlan plan)
    {
        double perVector = (Tables(plan) * GroupInstructions) + ResultInstructions;
        return new Cost(0, plan.Images * ((plan.Blocks.Extent * perVector) + (plan.Bands.Count * Tables(plan) * TableInstructions)));
    }

    public static KernelCall Call(LayerContext layer, SignSumsLinearPlan plan)
    {
        SignSumsLinearRecipe recipe = new(
            ConvWeights.Of(layer.Node, ((WeightedLayer)layer.Layer).Bias), plan.OutFeatures, plan.Lanes, plan.Blocks.Extent, plan.Blocks.Count, plan.WeightBytes);
        return new KernelCall(plan, 0, plan.Residual ? 1 : -1, recipe);
    }

    /// <summary>Tables of sums of all features.</summary>
    private static int Tables(SignSumsLinearPlan plan) => (plan.FullWords * plan.Groups(SignSumsLinearPlan.WordSigns)) + plan.Groups(plan.LastSigns);
}
