using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Movement;

/// <summary>Everything that only moves elements of dense tensors, as one strided copy for each input.</summary>
internal sealed class MovementAlgorithm : IAlgorithm
{
    public const string Id = "movement";

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Transpose or Slice or Rearrange or Concat or Pad or Identity or Resize { Mode: ResizeMode.Nearest };

    public Claim Claim(LayerContext layer)
    {
        Need[] needs = layer.InputShapes.Select(_ => new Need(Form.Dense)).ToArray();
        return new Claimed("a strided copy", needs, Form.Dense, InPlace: false, (_, _) => Plan(layer));
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => MovementEmitter.Emit((MovementPlan)plan, writer);

    private static KernelCall[] Plan(LayerContext layer)
    {
        IReadOnlyList<Move> moves = Move.Of(layer.Layer, layer.InputShapes, layer.Node.Shape);
        KernelCall[] calls = new KernelCall[moves.Count];
        for (int i = 0; i < calls.Length; i++)
        {
            (Move m, TensorShape from) = (moves[i], layer.InputShapes[i]);
            string name = $"{layer.Layer.Kind}_Movement_{from}_{layer.Node.Shape}" + (calls.Length > 1 ? $"_At{m.OutOrigin}" : "");
            string summary = $"{layer.Layer.Kind} {layer.Layer.Describe()}".Trim() + $", {from} to " + (calls.Length > 1 ? "its part of " : "") + $"{layer.Node.Shape}.";
            calls[i] = new KernelCall(new MovementPlan(layer.Isa, name, summary, m.Nest, m.InOrigin, m.OutOrigin, m.Fill), i);
        }

        return calls;
    }
}
