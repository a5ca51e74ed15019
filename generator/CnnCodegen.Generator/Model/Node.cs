using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Model;

/// <summary>
/// One layer in its place. Every node makes one value, so node <c>i</c> and value <c>i</c> are the same index;
/// <paramref name="Inputs"/> are indices of earlier nodes.
/// </summary>
/// <param name="Name">Unique in the network; the prefix of the layer's tensors in the weight file.</param>
/// <param name="Layer">What it computes, resolved.</param>
/// <param name="Inputs">The values it reads; a fused residual comes behind the layer's own.</param>
/// <param name="Shape">The shape of its value.</param>
/// <param name="Epilogue">What rewrites fused behind the layer; <see cref="Model.Epilogue.None"/> as read.</param>
internal sealed record Node(string Name, Layer Layer, EquatableArray<int> Inputs, TensorShape Shape, Epilogue Epilogue);

/// <summary>
/// What is applied to a layer's result before it is stored, in this order:
/// normalisation (folded into weights and bias at load), residual add, activation.
/// </summary>
/// <param name="Norm">A batch norm folded into the layer's weights and bias.</param>
/// <param name="Residual">The node's last input is added.</param>
/// <param name="Activation">Applied last.</param>
internal sealed record Epilogue(FoldedNorm? Norm, bool Residual, Activation? Activation)
{
    public static Epilogue None { get; } = new(null, false, null);

    public bool IsEmpty => this == None;
}

/// <summary>The batch norm <paramref name="Name"/> (prefix of its tensors), folded into the layer before it.</summary>
internal sealed record FoldedNorm(string Name, BatchNorm Layer);
