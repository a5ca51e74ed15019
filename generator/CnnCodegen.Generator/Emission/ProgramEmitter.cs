using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using static CnnCodegen.Generator.Emission.Literals;

namespace CnnCodegen.Generator.Emission;

/// <summary>Writes the program of a network for one instruction set: plan table, packing, and the steps in order.</summary>
internal static class ProgramEmitter
{
    public static GeneratedFile Emit(NetworkPlan plan)
    {
        NetworkType type = plan.Model.Type;
        string name = FileFrame.Program(type, plan.Isa);
        SourceWriter writer = FileFrame.Start(
            [$"  network    {type.FullName}, {plan.Isa.Display()}", $"  workspace  {plan.WorkspaceBytes} bytes", $"  weights    {plan.WeightBytes} bytes, packed"]);
        using (FileFrame.OpenNamespace(writer, type))
        {
            writer.Line($"/// <summary><see cref=\"{FileFrame.Type(type)}\"/> for {plan.Isa.Display()}.</summary>");
            writer.Line(FileFrame.GeneratedCode);
            using (writer.Open($"internal sealed unsafe class {name} : NetworkProgram"))
            {
                writer.Line("private NetworkInfo? _info;").Blank();
                writer.Line("public override NetworkInfo Info => _info ??= Describe();").Blank();
                writer.Line($"public override bool IsSupported => {Check(plan.Isa)};").Blank();
                EmitPack(plan, writer);
                writer.Blank();
                EmitEntries(writer);
                writer.Blank();
                EmitSteps(plan, writer);
                writer.Blank();
                EmitCompilation(plan, writer);
                writer.Blank();
                EmitInfo(plan, writer);
            }
        }

        return new GeneratedFile($"{type.FileName}.{plan.Isa}.g.cs", writer.ToString());
    }

    private static string Check(Isa isa) => isa switch
    {
        Isa.Avx512 => "Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported",
        Isa.Avx2 => "Avx2.IsSupported && Fma.IsSupported",
        _ => "true",
    };

    private static void EmitPack(NetworkPlan plan, SourceWriter writer)
    {
        using (writer.Open("public override void Pack(WeightPacker packer)"))
        {
            foreach (string check in WeightCheckText.Calls(plan.Model)) writer.Line(check);
            foreach (PackedWeights weights in plan.Weights)
                foreach (string call in PackingText.Calls(weights)) writer.Line(call);
        }
    }

    private static void EmitEntries(SourceWriter writer)
    {
        using (writer.Open("public override void Run(in Frame frame)"))
            writer.Line("Steps(in frame, default(NoProbe));");
        writer.Blank();
        using (writer.Open("public override void Profile(in Frame frame, Span<long> timestamps)"))
        {
            using (writer.Open("fixed (long* pointer = timestamps)"))
                writer.Line("Steps(in frame, new TimestampProbe(pointer));");
        }
    }

    private static void EmitSteps(NetworkPlan plan, SourceWriter writer)
    {
        writer.Line("/// <summary>The network, layer by layer. A probe that does nothing is compiled away.</summary>");
        using (writer.Open("private static void Steps<TProbe>(in Frame frame, TProbe probe)\n    where TProbe : struct, IStepProbe"))
        {
            writer.Line("byte* weights = frame.Weights, workspace = frame.Workspace;");
            if (plan.ScratchBytes > 0) writer.Line($"byte* scratch = workspace + {plan.WorkspaceBytes};");
            if (plan.Steps.Any(step => step.Shared)) writer.Line("WorkerTeam team = frame.Team;");
            for (int i = 0; i < plan.Steps.Count; i++)
            {
                StepPlan step = plan.Steps[i];
                writer.Blank().Line($"// {step.Layer}: {step.Description} -> {step.Shape}");
                if (step.ClearsBorder)
                {
                    TensorView v = step.OutputView;
                    writer.Line($"Border.Clear({Address(step.Output)}, planes: {v.N * v.Blocks}, rows: {v.H}, rowBytes: {v.RowBytes}, "
                        + $"top: {v.Border.Top}, bottom: {v.Border.Bottom}, leftBytes: {v.Border.Left * v.PixelBytes}, rightBytes: {v.Border.Right * v.PixelBytes}{(step.BorderByte == 0 ? "" : $", value: {step.BorderByte}")});");
                }

                string scratch = step.Kernel.ScratchBytes > 0 ? ", scratch" : "", third = step.Third == Place.None ? "" : $", third: {Address(step.Third)}";
                string kernel = step.Kernel.ClassName, operands = $"new Operands({Address(step.Input)}, {Address(step.Second)}, {Address(step.Weights)}, {Address(step.Output)}{scratch}{third})";
                writer.Line(step.Shared ? $"team.Run(&{kernel}.Run, {operands}, {kernel}.Units);" : $"{kernel}.Run({operands}, 0, {kernel}.Units);");
                writer.Line($"probe.Completed({i});");
            }
        }
    }

    private static void EmitCompilation(NetworkPlan plan, SourceWriter writer)
    {
        using (writer.Open("public override void CompileKernels()"))
        {
            if (plan.Steps.Count > 0) writer.Line("// The last first: a run that begins meanwhile has the first ones compiled itself.");
            foreach (KernelPlan kernel in plan.Kernels.Reverse()) writer.Line($"KernelCompiler.Compile(typeof({kernel.ClassName}));");
        }
    }

    private static string Address(Place place) => place.Memory switch
    {
        Memory.Input => $"frame.Inputs[{place.Offset}]",
        Memory.Output => $"frame.Outputs[{place.Offset}]",
        Memory.Workspace => "workspace" + (place.Offset == 0 ? "" : $" + {place.Offset}"),
        Memory.Weights => "weights" + (place.Offset == 0 ? "" : $" + {place.Offset}"),
        _ => "null",
    };

    private static void EmitInfo(NetworkPlan plan, SourceWriter writer)
    {
        NetworkModel model = plan.Model;
        writer.Line("private static NetworkInfo Describe() => new(");
        using (writer.Indent())
        {
            writer.Line($"{String(model.Type.Name)},");
            writer.Line($"TargetIsa.{plan.Isa},");
            Table("inputs", model.Inputs.Select(i => Tensor(model.Nodes[i].Name, model.Nodes[i].Shape)));
            Table("outputs", model.Outputs.Select((_, k) => Tensor(plan.OutputNames[k], model.Nodes[model.Outputs[k]].Shape)));
            Table("weights", model.WeightTensors().Select(t => Tensor(t.Name, t.Shape)));
            writer.Line("Layers,");
            writer.Line($"workspaceBytes: {plan.WorkspaceBytes},");
            writer.Line($"scratchBytes: {plan.ScratchBytes},");
            writer.Line($"weightBytes: {plan.WeightBytes});");
        }

        writer.Blank().Line("private static LayerInfo[] Layers() =>").Line("[");
        using (writer.Indent())
        {
            foreach (StepPlan s in plan.Steps)
            {
                writer.Line($"new({String(s.Layer)}, {String(s.Description)}, {Shape(s.Shape)}, {String(s.Kernel.Algorithm + (s.Kernel.Tile.Length > 0 ? ", " + s.Kernel.Tile : ""))}, "
                    + $"{String(s.Reason)}, nameof({s.Kernel.ClassName}), {s.Macs}, {s.WeightBytes}, {String(Describe(s))}),");
            }
        }
        writer.Line("];");

        void Table(string title, IEnumerable<string> tensors)
        {
            string[] lines = tensors.ToArray();
            if (lines.Length == 0)
            {
                writer.Line($"{title}: [],");
                return;
            }
            writer.Line($"{title}: TensorTable.Read(\"\"\"");
            using (writer.Indent())
                foreach (string line in lines.Append("\"\"\"),")) writer.Line(line);
        }
    }

    /// <summary>A line of a table; names have no spaces.</summary>
    private static string Tensor(string name, TensorShape shape) => shape.Rank == 0 ? name : $"{name} {shape}";

    private static string Shape(TensorShape shape) => $"[{Ints(shape.Dims)}]";

    private static string Describe(StepPlan step) => step.OutputView.Describe() + step.Output.Memory switch
    {
        Memory.Output => $", output {step.Output.Offset}",
        _ => $", workspace + {step.Output.Offset}",
    };
}
