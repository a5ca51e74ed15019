using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Algorithms.Reference.Emitters;

/// <summary>Writes the members of one layer's kernel.</summary>
internal abstract class LayerEmitter(ReferencePlan plan)
{
    /// <summary>Independent units of work.</summary>
    public abstract int Units { get; }

    protected ReferencePlan Plan => plan;

    protected TensorShape X => plan.Inputs[0];

    protected TensorShape Y => plan.Output;

    /// <summary>Whether rows have to be finished by <see cref="EmitFinish"/>.</summary>
    protected bool HasFinish => plan.Residual || plan.Activation is not null;

    public static LayerEmitter Of(ReferencePlan plan) => plan.Layer switch
    {
        Conv conv => new ConvEmitter(plan, conv),
        ConvTranspose conv => new ConvTransposeEmitter(plan, conv),
        Linear linear => new LinearEmitter(plan, linear),
        MatMul => new MatMulEmitter(plan),
        Pool pool => new PoolEmitter(plan, pool),
        GlobalPool pool => new ReductionEmitter(plan, [.. Enumerable.Range(2, plan.Inputs[0].Rank - 2)], pool.Function),
        ReduceMean mean => new ReductionEmitter(plan, mean.Axes.ToArray(), PoolKind.Average),
        Softmax softmax => new SoftmaxEmitter(plan, softmax),
        LocalResponseNorm norm => new LocalResponseNormEmitter(plan, norm),
        InstanceNorm norm => new InstanceNormEmitter(plan, norm),
        Resize resize => new ResizeEmitter(plan, resize),
        Activation or Binary or PRelu or BatchNorm => new ElementwiseEmitter(plan),
        _ => throw new InvalidOperationException($"{plan.Layer.Kind} has no reference kernel."),
    };

    public abstract void Emit(SourceWriter writer);

    protected Width Vector(int row) => Width.Widest(plan.Isa, row);

    /// <summary>The call of <see cref="EmitFinish"/> for the row at y, which is row number <c>unit</c>.</summary>
    protected void EmitFinishCall(SourceWriter writer, int row)
    {
        if (HasFinish) writer.Line(plan.Residual ? $"Finish(y, operands.Second + (unit * {row * sizeof(float)}));" : "Finish(y);");
    }

    /// <summary>Adds the residual to a finished row and applies the activation.</summary>
    protected void EmitFinish(SourceWriter writer, int row)
    {
        if (!HasFinish) return;
        writer.Blank();
        writer.Line($"/// <summary>{(plan.Residual ? "Adds the residual to a row" : "Applies the activation to a row")}{(plan.Residual && plan.Activation is not null ? " and applies the activation" : "")}.</summary>");
        writer.Line(NestWriter.Hot);
        using (writer.Open($"private static void Finish(byte* y{(plan.Residual ? ", byte* residual" : "")})"))
        using (writer.Open("unchecked"))
        {
            Width width = plan.Activation is not { } a || Dialect.CanActivate(a) ? Vector(row) : Width.Scalar;
            RowLoop.Emit(writer, width, row, w =>
            {
                writer.Line($"{w.Type} v = {w.Load("y + (i * 4)")}{(plan.Residual ? $" + {w.Load("residual + (i * 4)")}" : "")};");
                writer.Line(w.Store("y + (i * 4)", plan.Activation is { } activation ? w.Activate(activation, "v") : "v"));
            });
        }
    }
}
