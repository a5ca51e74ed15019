using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>The size of a method as the JIT counts it.</summary>
/// <param name="Bytes">IL bytes.</param>
/// <param name="Instructions">IL instructions.</param>
/// <param name="References">Instructions that name a local or an argument.</param>
/// <param name="Locals">Locals.</param>
/// <param name="Blocks">Basic blocks.</param>
internal readonly record struct IlSize(int Bytes, int Instructions, int References, int Locals, int Blocks);

/// <summary>Beyond these limits the JIT gives up optimising a method, which then runs about eight times slower.</summary>
internal static class IlBudget
{
    private static readonly IlSize Limit = new(60_000, 20_000, 8_000, 2_000, 2_000);
    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(field => field.GetValue(null)).OfType<OpCode>().ToDictionary(code => code.Value & 0xFFFF);

    /// <summary>One line for each method of an assembly that reaches a limit.</summary>
    public static IEnumerable<string> Violations(byte[] image)
    {
        foreach ((string method, IlSize size) in Methods(image))
        {
            bool within = size.Bytes < Limit.Bytes && size.Instructions < Limit.Instructions && size.References < Limit.References
                && size.Locals < Limit.Locals && size.Blocks < Limit.Blocks;
            if (!within) yield return $"{method}: {size}, and the JIT optimises only below {Limit}";
        }
    }

    /// <summary>The size of every method of an assembly that has a body.</summary>
    public static IEnumerable<(string Method, IlSize Size)> Methods(byte[] image)
    {
        using PEReader reader = new(new MemoryStream(image));
        MetadataReader metadata = reader.GetMetadataReader();
        foreach (MethodDefinition method in metadata.MethodDefinitions.Select(metadata.GetMethodDefinition))
        {
            if (method.RelativeVirtualAddress == 0) continue;
            MethodBodyBlock body = reader.GetMethodBody(method.RelativeVirtualAddress);
            int locals = body.LocalSignature.IsNil ? 0 : CountLocals(metadata.GetBlobReader(metadata.GetStandaloneSignature(body.LocalSignature).Signature));
            TypeDefinition type = metadata.GetTypeDefinition(method.GetDeclaringType());
            string name = $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}.{metadata.GetString(method.Name)}";
            yield return (name, Measure(body.GetILReader(), locals));
        }
    }

    private static int CountLocals(BlobReader signature)
    {
        _ = signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger();
    }

    private static IlSize Measure(BlobReader il, int locals)
    {
        int instructions = 0, references = 0;
        HashSet<int> blocks = [0];
        while (il.RemainingBytes > 0)
        {
            int first = il.ReadByte();
            OpCode code = OpCodesByValue[first == 0xFE ? 0xFE00 | il.ReadByte() : first];
            instructions++;
            if (NamesVariable(code)) references++;
            SkipOperand(ref il, code, blocks);
        }

        return new IlSize(il.Length, instructions, references, locals, blocks.Count);
    }

    private static bool NamesVariable(OpCode code) =>
        code.Name!.StartsWith("ldloc", StringComparison.Ordinal) || code.Name.StartsWith("stloc", StringComparison.Ordinal)
        || code.Name.StartsWith("ldarg", StringComparison.Ordinal) || code.Name.StartsWith("starg", StringComparison.Ordinal);

    /// <summary>Reads past an operand and notes where branches lead: to their targets and to the instruction behind them.</summary>
    private static void SkipOperand(ref BlobReader il, OpCode code, HashSet<int> blocks)
    {
        switch (code.OperandType)
        {
            case OperandType.InlineNone:
                break;
            case OperandType.ShortInlineBrTarget:
                Branch(il.ReadSByte(), il.Offset, blocks);
                break;
            case OperandType.InlineBrTarget:
                Branch(il.ReadInt32(), il.Offset, blocks);
                break;
            case OperandType.InlineSwitch:
                int[] targets = new int[il.ReadInt32()];
                for (int i = 0; i < targets.Length; i++) targets[i] = il.ReadInt32();
                foreach (int target in targets) Branch(target, il.Offset, blocks);
                break;
            default:
                il.Offset += OperandBytes(code.OperandType);
                break;
        }
    }

    private static void Branch(int distance, int next, HashSet<int> blocks)
    {
        blocks.Add(next);
        blocks.Add(next + distance);
    }

    private static int OperandBytes(OperandType type) => type switch
    {
        OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
