namespace CnnCodegen.Generator.Model;

/// <summary>
/// What one node computes: its kind and its options, without its weights, its name or any decision about how.
/// </summary>
internal abstract record Layer
{
    /// <summary>The name of the attribute that declares it, for example <c>Conv</c>.</summary>
    public virtual string Kind => GetType().Name;

    /// <summary>The name of the algorithm that the user asks for; null if the choice is free.</summary>
    public virtual string? Pin => null;

    /// <summary>How many values it reads.</summary>
    public virtual int Arity => 1;

    /// <summary>The layer with everything that depends on its input shapes made explicit (<c>Same</c> padding, negative axes, -1 dimensions).</summary>
    public virtual Layer Resolve(IReadOnlyList<TensorShape> inputs) => this;

    /// <summary>The output shape of a resolved layer.</summary>
    /// <exception cref="ModelException">The inputs do not fit.</exception>
    public abstract TensorShape InferShape(IReadOnlyList<TensorShape> inputs);

    /// <summary>The tensors it reads from the weight file, by suffix of the layer's name (<c>weight</c>, <c>bias</c>, ...).</summary>
    public virtual IReadOnlyList<WeightTensor> Weights(IReadOnlyList<TensorShape> inputs) => [];

    /// <summary>Multiply-accumulates of the direct algorithm.</summary>
    public virtual long Macs(IReadOnlyList<TensorShape> inputs, TensorShape output) => 0;

    /// <summary>The options as a person would say them, for example <c>64 3x3 stride 2 pad 1</c>.</summary>
    public virtual string Describe() => "";
}

/// <summary>A tensor of the weight file: <paramref name="Suffix"/> behind the layer's name and a dot, dense float32.</summary>
internal readonly record struct WeightTensor(string Suffix, TensorShape Shape);
