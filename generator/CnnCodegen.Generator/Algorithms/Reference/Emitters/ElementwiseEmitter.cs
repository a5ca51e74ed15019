using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>Functions of the elements at one position of one or more tensors, which are broadcast to the output.</summary>
internal sealed class ElementwiseEmitter : LayerEmitter
{
    private readonly List<(string Name, string Origin)> _pointers = [("y", "operands.Output"), ("x", "operands.Input")];
    private readonly List<int[]> _strides;
    private readonly Func<Width, string> _result;
    private readonly bool _vectorises = true;
    private readonly Nest _nest;

    public ElementwiseEmitter(ReferencePlan plan)
        : base(plan)
    {
        _strides = [Y.Strides(), X.BroadcastStrides(Y)];
        switch (plan.Layer)
        {
            case Activation activation:
                _vectorises = Dialect.CanActivate(activation);
                _result = w => w.Activate(activation, "vx");
                break;
            case Binary binary:
                AddOperand("s", "operands.Second", plan.Inputs[1]);
                _vectorises = binary.Function != BinaryKind.Pow;
                _result = w => Apply(binary.Function, w);
                break;
            case PRelu prelu:
                AddOperand("s", "operands.Weights", prelu.Slope(X));
                _result = w => w.LeakyRelu("vx", "vs");
                break;
            default:
                TensorShape channels = TensorShape.Of([X[1], .. Enumerable.Repeat(1, X.Rank - 2)]);
                AddOperand("s", "operands.Weights", channels);
                AddOperand("b", $"operands.Weights + {Alignment.Up(X[1] * sizeof(float))}", channels);
                _result = w => w.MultiplyAdd("vx", "vs", "vb");
                break;
        }

        if (plan.Activation is { } fused) _vectorises &= Dialect.CanActivate(fused);
        _nest = Nest.Over(Y, [.. _strides]);
    }

    public override int Units => _nest.Units;

    public override void Emit(SourceWriter writer) => NestWriter.Run(writer, _nest, _pointers, () =>
    {
        LoopAxis row = _nest.Row;
        for (int p = 1; p < _pointers.Count; p++)
            if (row.Strides[p] == 0) writer.Line($"float {_pointers[p].Name}0 = {Dialect.Float(_pointers[p].Name)};");
        RowLoop.Emit(writer, _vectorises ? Vector(row.Extent) : Width.Scalar, row.Extent, w =>
        {
            for (int p = 1; p < _pointers.Count; p++)
            {
                string name = _pointers[p].Name;
                writer.Line($"{w.Type} v{name} = {(row.Strides[p] == 0 ? w.Broadcast(name + "0") : w.Load($"{name} + (i * 4)"))};");
            }

            writer.Line($"{w.Type} v = {_result(w)};");
            writer.Line(w.Store("y + (i * 4)", Plan.Activation is { } activation ? w.Activate(activation, "v") : "v"));
        });
    });

    private void AddOperand(string name, string origin, TensorShape shape)
    {
        _pointers.Add((name, origin));
        _strides.Add(shape.BroadcastStrides(Y));
    }

    private static string Apply(BinaryKind function, Width w) => function switch
    {
        BinaryKind.Add => "vx + vs",
        BinaryKind.Sub => "vx - vs",
        BinaryKind.Mul => "vx * vs",
        BinaryKind.Div => "vx / vs",
        BinaryKind.Min => w.Min("vx", "vs"),
        BinaryKind.Max => w.Max("vx", "vs"),
        _ => "MathF.Pow(vx, vs)",
    };
}
