namespace CnnCodegen.Tool.Verification;

/// <summary>One recorded call.</summary>
/// <param name="Name">The folder.</param>
/// <param name="Inputs">Files of tensors, in the order of the graph's inputs.</param>
/// <param name="Outputs">Likewise.</param>
internal sealed record DataSet(string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);

/// <summary>A model with recorded calls: a folder of the ONNX backend layout.</summary>
/// <param name="Name">Where it was found.</param>
/// <param name="Model">The ONNX file.</param>
/// <param name="Sets">All of them must pass.</param>
/// <param name="Variant">What is done to the model before it is imported.</param>
internal sealed record TestCase(string Name, string Model, IReadOnlyList<DataSet> Sets, ModelVariant Variant = ModelVariant.AsItIs);

/// <summary>What a case runs.</summary>
internal enum ModelVariant
{
    AsItIs,

    /// <summary>With the weights of <see cref="FilledModel"/>.</summary>
    Filled,

    /// <summary>The same, up to the input of the last Softmax, which would saturate.</summary>
    FilledBeforeSoftmax,
}
