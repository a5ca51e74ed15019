using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tensors;

namespace CnnCodegen.Tool.Verification;

/// <summary>Runs test cases by the way a user's model takes: import, class source, generator, compiler, weight file, run time.</summary>
/// <param name="isa">The instruction set; emulated where this CPU lacks it.</param>
/// <param name="tolerance">For the outputs.</param>
internal sealed class CaseRunner(TargetIsa isa, Tolerance tolerance)
{
    /// <summary>Never throws: what goes wrong is the result.</summary>
    public CaseResult Run(TestCase test)
    {
        try
        {
            return Compare(test);
        }
        catch (ImportException e) when (e.IsUnsupported)
        {
            return new CaseResult(test.Name, Outcome.Unsupported, e.Message);
        }
        catch (Exception e) when (Commands.CommandHandler.IsExpected(e))
        {
            return new CaseResult(test.Name, Outcome.Fail, e.Message);
        }
        catch (Exception e)
        {
            return new CaseResult(test.Name, Outcome.Fail, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private CaseResult Compare(TestCase test)
    {
        OnnxModel model = test.Variant == ModelVariant.AsItIs ? OnnxModel.Read(test.Model) : FilledModel.Read(test.Model, test.Variant == ModelVariant.FilledBeforeSoftmax);
        if (model.Inputs.Count > 0) InputShapes.RequireType(model.Inputs[0]);
        Difference all = default;
        int[][] dims = [];
        RunnableCase? running = null;
        try
        {
            foreach (DataSet set in test.Sets)
            {
                Tensor[] inputs = [.. set.Inputs.Select(TensorFile.Read)], expected = [.. set.Outputs.Select(TensorFile.Read)];
                RequireCount("input", inputs.Length, model.Inputs.Count, set);
                RequireCount("output", expected.Length, model.Outputs.Count, set);
                if (running is not { HasConstants: false } || !dims.Zip(inputs, (d, i) => d.SequenceEqual(i.Dims)).All(same => same))
                {
                    running?.Dispose();
                    running = new RunnableCase(BoundNetwork.Import(model, ClassName.OfModel(test.Model), inputs), isa);
                    dims = [.. inputs.Select(i => i.Dims)];
                }

                Tolerance[] tolerances = [.. expected.Select(e => !e.IsFloat ? default : test.Variant == ModelVariant.AsItIs ? tolerance : OfRange(e))];
                Difference difference = running.Compare(inputs, expected, tolerances);
                all = all.Max(difference);
                if (difference.Wrong > 0)
                    return new CaseResult(test.Name, Outcome.Fail, $"{difference} ({set.Name}); {running.FindFault(inputs, expected, tolerances)}", difference);
            }
        }
        finally
        {
            running?.Dispose();
        }

        return new CaseResult(test.Name, Outcome.Pass, Difference: all);
    }

    /// <summary>The absolute tolerance as a part of the value's range.</summary>
    private Tolerance OfRange(Tensor expected) => new(tolerance.Absolute * (expected.Floats.Max() - expected.Floats.Min()), 0);

    private static void RequireCount(string what, int found, int expected, DataSet set)
    {
        if (found != expected) throw new TensorFileException($"{set.Name}: there are {found} files {what}_*.pb, and the graph has {expected} {what}s");
    }
}
