using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>Cuts a sparse linear layer into bands of rows.</summary>
internal static class SparseLinearPlanner
{
    /// <summary>Units that threads share evenly.</summary>
    private const int WantedUnits = 16;

    public static SparseLinearPlan Plan(LayerContext layer, Linear linear, Model.Sparse sparse)
    {
        TensorShape x = layer.InputShapes[0];
        int inFeatures = Linear.InFeatures(x);
        Epilogue epilogue = layer.Node.Epilogue;
        int entries = sparse.Limit((long)linear.OutFeatures * inFeatures);
        Cut bands = Cut.Evenly(linear.OutFeatures, Math.Max(1, linear.OutFeatures / WantedUnits));
        return new SparseLinearPlan(
            layer.Isa, $"Linear_Sparse_{x[0]}x{inFeatures}x{linear.OutFeatures}_N{entries}{epilogue.Tag()}",
            $"Sparse linear layer, {x} to {layer.Node.Shape}, at most {entries} weights that are not zero, bias added{epilogue.Summary()}.", bands.Count)
        {
            Images = x[0],
            InFeatures = inFeatures,
            OutFeatures = linear.OutFeatures,
            Bands = bands,
            Residual = epilogue.Residual,
            Activation = epilogue.Activation,
            Entries = entries,
        };
    }
}
